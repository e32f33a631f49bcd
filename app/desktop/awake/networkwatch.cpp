// SPDX-FileCopyrightText: 2026 The Tallybell authors
// SPDX-License-Identifier: MIT

#include "networkwatch.h"

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
{}

NetworkWatch::~NetworkWatch() = default;
