package dev.telltale.series;

class UploadsTest extends UploadsContract implements OpenSqliteStore.Opening {}
