package dev.telltale.series;

class SeriesStoreModelTest extends SeriesStoreModelContract implements OpenSqliteStore.Opening {}
