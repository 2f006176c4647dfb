package dev.telltale;

class ReadmeTourIT extends ReadmeTour {}
