package dev.telltale.access;

import dev.telltale.access.KeyViews.MadeView;
import dev.telltale.access.KeyViews.NewKey;
import dev.telltale.access.KeyViews.View;
import dev.telltale.http.Page;
import dev.telltale.http.Paging;
import dev.telltale.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Keys over HTTP, for admins: make, list, look at, revoke.
@RestController
@RequestMapping(path = KeyController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access", description = "Keys: who may call, and what for")
class KeyController {

    static final String PATH = "/api/v1/keys";
    private static final String ID = "k3v9x0q1m2ab";

    private final Keys keys;

    KeyController(Keys keys) {
        this.keys = keys;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "createKey",
            summary = "Make a key",
            description =
                    "The answer holds the key, which is shown this once: only a hash of it is kept. From the first"
                            + " key on nobody is served without one. An `Idempotency-Key` is not heeded here, since the"
                            + " answer may not be kept.")
    @ApiResponse(responseCode = "201", description = "Made; `Location` is what is known of it")
    ResponseEntity<MadeView> create(@RequestBody NewKey body, HttpServletRequest request) {
        Keys.Made made = keys.create(body.name(), body.roleSet(), body.expires(), caller(request));
        return ResponseEntity.created(URI.create(PATH + "/" + made.key().id())).body(MadeView.of(made));
    }

    @GetMapping
    @Operation(operationId = "listKeys", summary = "List keys, also those that are not valid any more")
    Page<View> list(
            @Parameter(description = "1 to 1,000", example = "100") @RequestParam(required = false) @Nullable
                    Integer limit,
            @Parameter(description = "`next` of the page before") @RequestParam(required = false) @Nullable
                    String cursor) {
        Paging paging = Paging.of("keys", limit, cursor);
        Page<Key> page =
                paging.page(keys.list(paging.afterId(), paging.limit() + 1), key -> Long.toString(key.number()));
        return new Page<>(page.items().stream().map(View::of).toList(), page.next());
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getKey", summary = "Show what is known of a key")
    View get(@Parameter(example = ID) @PathVariable String id) {
        return keys.find(id).map(View::of).orElseThrow(KeyController::notFound);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "revokeKey",
            summary = "Revoke a key",
            description = "For good. It opens nothing from now on, within two seconds in other processes too.")
    void revoke(@Parameter(example = ID) @PathVariable String id, HttpServletRequest request) {
        if (keys.revoke(id, caller(request)).isEmpty()) {
            throw notFound();
        }
    }

    private static String caller(HttpServletRequest request) {
        return Objects.requireNonNullElse(request.getRemoteUser(), "anonymous");
    }

    private static Problem notFound() {
        // Not what was asked for: somebody may have taken the whole key for its id.
        return AccessProblem.KEY_NOT_FOUND.because("no key has this id; GET /api/v1/keys lists those there are");
    }
}
