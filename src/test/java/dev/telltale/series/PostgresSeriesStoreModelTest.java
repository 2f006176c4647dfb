package dev.telltale.series;

class PostgresSeriesStoreModelTest extends SeriesStoreModelContract implements OpenPostgresStore.Opening {}
