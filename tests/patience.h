// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QTest>

/*
    How long the tests wait for a fact that must come: as long as a sanitizer's build on a busy machine
    may need, with programs to start. Qt's 5 s are fewer than that at times. It is waited in vain only
    where something is wrong, so nothing takes longer for it. tallybell_test() includes this before all
    else.
*/
#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), 30'000)
#define QTRY_VERIFY2(expression, message) QTRY_VERIFY2_WITH_TIMEOUT((expression), (message), 30'000)
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT((expression), expected, 30'000)
