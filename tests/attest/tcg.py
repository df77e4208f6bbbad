#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a firmware measures, made up: another program than the one that is tested.

tcg.py log SPEC LOG EXTENDS   an event log, and 'PCR:sha1=...,sha256=...' a line for tpm2_pcrextend
tcg.py image FILE NAME=FILE...  an EFI program with these sections
tcg.py authenticode FILE

A line of SPEC: PCR TYPE WHAT... with WHAT among
  text=TEXT hex=DIGITS        data, and what is hashed
  variable=NAME:DIGITS        UEFI_VARIABLE_DATA, hashed
  program=FILE                hashed as the firmware hashes programs
  part=NAME:FILE              data NAME; FILE is hashed
  digest=TEXT                 the digest is that of this text all the same
  only=log|tpm                not extended; not in the log
"""
import hashlib
import shlex
import struct
import sys

TYPES = {
    "NO_ACTION": 3, "SEPARATOR": 4, "S_CRTM_VERSION": 8, "IPL": 13, "VARIABLE_DRIVER_CONFIG": 0x80000001,
    "VARIABLE_BOOT": 0x80000002, "APPLICATION": 0x80000003, "DRIVER": 0x80000004, "GPT": 0x80000006,
    "ACTION": 0x80000007, "FIRMWARE_BLOB": 0x80000008, "VARIABLE_AUTHORITY": 0x800000E0}
ALGORITHMS = ((4, "sha1"), (11, "sha256"))


def authenticode(d, algorithm="sha256"):
    pe = struct.unpack_from("<I", d, 0x3C)[0]
    sections, optional_len = struct.unpack_from("<H", d, pe + 6)[0], struct.unpack_from("<H", d, pe + 20)[0]
    optional = pe + 24
    security = optional + (112 if struct.unpack_from("<H", d, optional)[0] == 0x20B else 96) + 32
    headers = struct.unpack_from("<I", d, optional + 60)[0]
    certificates = struct.unpack_from("<I", d, security + 4)[0]
    raw = sorted(struct.unpack_from("<II", d, optional + optional_len + 40 * i + 16)[::-1] for i in range(sections))
    hashed = d[:optional + 64] + d[optional + 68:security] + d[security + 8:headers]
    hashed += b"".join(d[at:at + size] for at, size in raw)
    counted = headers + sum(size for _, size in raw)
    return hashlib.new(algorithm, hashed + d[counted:len(d) - certificates]).digest()


def image(parts):
    headers, alignment = 0x400, 0x200
    at, table, contents = headers, b"", b""
    for i, (name, data) in enumerate(parts):
        size = -(-len(data) // alignment) * alignment
        table += struct.pack("<8sIIIIIIHHI", name.encode(), len(data), 0x1000 * (i + 1), size, at, 0, 0, 0, 0, 0x40000040)
        contents += data.ljust(size, b"\0")
        at += size
    optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 0, 0, 0, 0, 0, 0, 0, 0, 0x1000, alignment, 0, 0, 0, 0,
                           0, 0, 0, 0x1000 * (len(parts) + 1), headers, 0x1234, 10, 0, 0, 0, 0, 0, 0, 16) + bytes(128)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(parts), 0, 0, 0, len(optional), 0x22)
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    return (dos + coff + optional + table).ljust(headers, b"\0") + contents + b"trailing"


def event(words):
    pcr, kind, what = int(words[0]), TYPES[words[1]], dict(w.split("=", 1) for w in words[2:])
    data = what.get("text", "").encode() + bytes.fromhex(what.get("hex", ""))
    hashes = {name: None for _, name in ALGORITHMS}
    hashed = data
    if "variable" in what:
        name, value = what["variable"].split(":")
        value = bytes.fromhex(value)
        data = hashed = bytes(16) + struct.pack("<QQ", len(name), len(value)) + name.encode("utf-16-le") + value
    if "part" in what:
        name, path = what["part"].split(":")
        data, hashed = name.encode(), open(path, "rb").read()
    if "digest" in what:
        hashed = what["digest"].encode()
    for name in hashes:
        hashes[name] = hashlib.new(name, hashed).digest()
        if "program" in what:
            hashes[name] = authenticode(open(what["program"], "rb").read(), name)
    if "program" in what:
        data = bytes(32)  # UEFI_IMAGE_LOAD_EVENT without a path
    if kind == 3:
        hashes = {name: bytes(len(h)) for name, h in hashes.items()}
    return pcr, kind, data, hashes, what.get("only")


def log(spec):
    first = b"Spec ID Event03\0" + struct.pack("<IBBBBI", 0, 0, 2, 0, 2, 2) + struct.pack("<HHHH", 4, 20, 11, 32) + b"\0"
    out, extends = struct.pack("<II20sI", 0, 3, bytes(20), len(first)) + first, []
    for line in spec.splitlines():
        if not line or line[0] == "#":
            continue
        pcr, kind, data, hashes, only = event(shlex.split(line))
        if only != "tpm":
            out += struct.pack("<III", pcr, kind, len(ALGORITHMS))
            out += b"".join(struct.pack("<H", number) + hashes[name] for number, name in ALGORITHMS)
            out += struct.pack("<I", len(data)) + data
        if only != "log" and kind != 3:
            extends.append(f"{pcr}:" + ",".join(f"{name}={hashes[name].hex()}" for _, name in ALGORITHMS))
    return out, extends


def main(command, *args):
    if command == "log":
        out, extends = log(open(args[0]).read())
        open(args[1], "wb").write(out)
        open(args[2], "w").write("\n".join(extends) + "\n")
    elif command == "image":
        parts = [word.split("=", 1) for word in args[1:]]
        open(args[0], "wb").write(image([(name, open(path, "rb").read()) for name, path in parts]))
    elif command == "authenticode":
        print(authenticode(open(args[0], "rb").read()).hex())


main(*sys.argv[1:])
