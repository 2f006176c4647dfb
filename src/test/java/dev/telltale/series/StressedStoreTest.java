package dev.telltale.series;

class StressedStoreTest extends StressedStoreContract implements OpenSqliteStore.Opening {}
