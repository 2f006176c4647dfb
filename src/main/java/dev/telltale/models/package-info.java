/// What a user trains and keeps: specification, manifest, model file, model store; training, scoring
/// and evaluation.
@NullMarked
package dev.telltale.models;

import org.jspecify.annotations.NullMarked;
