/// Health and the command that asks for it, meters of the process, demo data and the OpenAPI document.
@NullMarked
package dev.telltale.ops;

import org.jspecify.annotations.NullMarked;
