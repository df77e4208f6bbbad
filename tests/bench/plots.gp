# SPDX-License-Identifier: GPL-2.0-or-later
# gnuplot -e "data='FOLDER'; to='FOLDER'; n=ROWS" plots.gp: the pictures of docs/PERFORMANCE.md, from what plots.awk wrote to `data`
set terminal svg size 820,500 dynamic enhanced background rgb 'white' font 'sans-serif,12'
set grid ytics lc rgb '#dddddd'
set key below maxrows 3
set border 3
set tics nomirror
array colour[7] = ['#555555', '#c9a227', '#e07b39', '#8ecae6', '#219ebc', '#023047', '#9b5de5']
do for [i=1:7] { set linetype i lc rgb colour[i] lw 2 pt 2*i+3 }
set logscale y

set output to.'/bench-links.svg'
set title 'ps -ef, 90 processes: milliseconds by link (median)'
set ylabel 'ms'
set style data histogram
set style histogram cluster gap 1
set style fill solid 0.9 border -1
plot for [i=1:n] data.'/links.dat' using i+1:xtic(1) lt i title columnheader(i+1)

set output to.'/bench-commands.svg'
set title 'Loopback, 90 processes: times the native tool (median)'
set ylabel 'x native'
plot for [i=2:n-1] data.'/commands.dat' using i+1:xtic(1) lt i title columnheader(i+1)

set output to.'/bench-scale.svg'
set title 'ps -ef, loopback: milliseconds by processes (median)'
set logscale x
set xrange [70:13000]
set xlabel 'processes'
set ylabel 'ms'
set xtics (90, 1000, 10000)
plot for [i=1:n] data.'/scale.dat' using 1:i+1 with linespoints lt i title columnheader(i+1)
