<?php
// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

// A portal whose count stands in a file. Its stream asks for no buffers, unless it is /buffered.

function countNow(): int
{
    return (int) file_get_contents($_SERVER['COUNT_FILE']);
}

if ($_SERVER['REQUEST_URI'] === '/count') {
    header('Content-Type: application/json');
    echo json_encode(['count' => countNow()]);
    exit;
}

set_time_limit(0);
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');
if ($_SERVER['REQUEST_URI'] !== '/buffered') {
    header('X-Accel-Buffering: no');
}
while (ob_get_level() > 0) {
    ob_end_flush();
}
$told = null;
while (!connection_aborted()) {
    $count = countNow();
    if ($count === $told) {
        echo ":\n\n"; // or PHP never notices that its client left
    } else {
        echo "event: count\ndata: {\"count\":$count}\n\n";
        $told = $count;
    }
    flush();
    usleep(50_000);
}
