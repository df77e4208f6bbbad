/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who gets a place at the server, and who must give way. */
#include "remotetrans/server/places.h"
#include "tests/lib/unit.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a client's process at @place is told when its client @name opens a VM. */
static bool keeps(struct places *p, struct place *place, const char *name)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		places_enter(p, place);
		_exit(places_keep(name) ? 0 : 1);
	}
	waitpid(child, &status, 0);
	return status == 0;
}

static bool leave(struct places *p, pid_t pid)
{
	struct origin from = {{0}};
	bool stranger = places_leave(p, pid, &from);

	CU_ASSERT_TRUE(!stranger || from.bytes[0] == (uint8_t)pid);
	return stranger;
}

static struct place *take(struct places *p, pid_t pid)
{
	struct place *place = places_free(p);

	CU_ASSERT_PTR_NOT_NULL_FATAL(place);
	places_give(p, place, pid, open("/dev/null", O_RDONLY | O_CLOEXEC),
		    &(struct origin){{(uint8_t)pid}});
	return place;
}

TEST(places, the_oldest_stranger_gives_way)
{
	struct places p;
	struct place *first, *second, *third;

	CHECK_OK(places_init(&p, 3, 3));
	first = take(&p, 11);
	second = take(&p, 12);
	third = take(&p, 13);
	CU_ASSERT_PTR_NULL(places_free(&p));
	CU_ASSERT_PTR_EQUAL(places_oldest_stranger(&p), first);
	CU_ASSERT_TRUE(keeps(&p, first, "alice"));
	CU_ASSERT_PTR_EQUAL(places_oldest_stranger(&p), second);
	CU_ASSERT_TRUE(leave(&p, 12));
	CU_ASSERT_PTR_EQUAL(take(&p, 14), second);
	CU_ASSERT_PTR_EQUAL(places_oldest_stranger(&p), third);
	CU_ASSERT_TRUE(keeps(&p, second, "alice"));
	CU_ASSERT_TRUE(keeps(&p, third, "bob"));
	CU_ASSERT_PTR_NULL(places_oldest_stranger(&p)); /* who has opened a VM stays */
	CU_ASSERT_FALSE(leave(&p, 11));
	CU_ASSERT_PTR_EQUAL(take(&p, 15), first);
	CU_ASSERT_PTR_EQUAL(places_oldest_stranger(&p), first); /* nobody inherits a name */
	CU_ASSERT_FALSE(leave(&p, 99));
	places_deinit(&p);
}

TEST(places, no_name_keeps_more_than_its_share)
{
	struct place *at[4];
	struct places p;

	CHECK_OK(places_init(&p, 4, 2));
	for (int i = 0; i < 4; i++)
		at[i] = take(&p, 21 + i);
	CU_ASSERT_TRUE(keeps(&p, at[0], "mallory"));
	CU_ASSERT_TRUE(keeps(&p, at[1], "mallory"));
	CU_ASSERT_TRUE(keeps(&p, at[1], "mallory"));
	CU_ASSERT_FALSE(keeps(&p, at[2], "mallory"));
	CU_ASSERT_PTR_EQUAL(places_oldest_stranger(&p), at[2]);
	CU_ASSERT_TRUE(keeps(&p, at[3], "mallory2"));
	CU_ASSERT_FALSE(leave(&p, 21));
	CU_ASSERT_TRUE(keeps(&p, at[2], "mallory"));
	places_deinit(&p);
	CU_ASSERT_TRUE(places_keep("anybody")); /* without a listener there is no table */
}

/* --- offenders ----------------------------------------------------------------------------------
 */

TEST(offenders, an_address_has_its_limit_in_each_second)
{
	static struct offenders o;
	const struct origin one = {{127, 0, 0, 1}}, other = {{127, 0, 0, 2}};
	const uint64_t now_ns = UINT64_C(5000000000);

	CU_ASSERT_FALSE(offenders_has(&o, &one, now_ns));
	for (int i = 0; i < OFFENCES_MAX; i++) {
		CU_ASSERT_FALSE(offenders_has(&o, &one, now_ns));
		offenders_add(&o, &one, now_ns + 999999999);
	}
	CU_ASSERT_TRUE(offenders_has(&o, &one, now_ns));
	CU_ASSERT_FALSE(offenders_has(&o, &other, now_ns));
	CU_ASSERT_FALSE(offenders_has(&o, &one, now_ns + 1000000000)); /* the next second */
	offenders_add(&o, &one, now_ns + 1000000000);
	CU_ASSERT_FALSE(offenders_has(&o, &one, now_ns + 1000000000));
}
