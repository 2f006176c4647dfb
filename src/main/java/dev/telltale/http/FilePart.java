package dev.telltale.http;

import dev.telltale.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.apache.tomcat.util.http.fileupload.MultipartStream.MalformedStreamException;
import org.apache.tomcat.util.http.fileupload.impl.FileUploadIOException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;

/// The part `file` of a `multipart/form-data` body, read as it comes: nothing of it is kept, in memory or
/// on disk. The body has no other part.
///
/// @param contentType media type of the part, if it says one
/// @param fileName as the caller's system calls the file; never a path here
/// @param content ends with the part
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
public record FilePart(Optional<String> contentType, Optional<String> fileName, InputStream content) {

    private static final String NAME = "file";
    private static final int LARGEST_HEADER = 4096;

    /// Reads the one part of a request.
    ///
    /// @param reading makes something of the part; it counts only if the body ends behind the part
    /// @throws Problem `MALFORMED_MULTIPART` if the body is not as described
    public static <T> T read(HttpServletRequest request, Function<FilePart, T> reading) {
        FileUpload upload = new OneLevel();
        upload.setHeaderEncoding("UTF-8");
        upload.setPartHeaderSizeMax(LARGEST_HEADER);
        try {
            FileItemIterator parts = upload.getItemIterator(new ServletRequestContext(request));
            if (!parts.hasNext()) {
                throw malformed("there is no part 'file'");
            }
            T read = reading.apply(of(parts.next()));
            if (parts.hasNext()) {
                throw malformed("a part follows the part 'file'; send that one alone");
            }
            return read;
        } catch (InvalidFileNameException nul) {
            throw malformed("the name of the file holds the character NUL");
        } catch (FileUploadException | FileUploadIOException | MalformedStreamException broken) {
            throw malformed("the parts and their boundary are not in order");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static FilePart of(FileItemStream part) throws IOException {
        if (!NAME.equals(part.getFieldName())) {
            throw malformed("there is another part before the part 'file', or in its place; send that one alone");
        }
        Optional<String> type = Optional.ofNullable(part.getContentType());
        type.ifPresent(BodyLimitFilter::checkCharset);
        return new FilePart(type, Optional.ofNullable(part.getName()), new Content(part.openStream()));
    }

    private static Problem malformed(String detail) {
        return HttpProblem.MALFORMED_MULTIPART.because(
                "%s; multipart/form-data has one part here, named 'file', as curl -F file=@samples.csv sends it",
                detail);
    }

    /// Parts that hold no parts themselves, which RFC 7578 has done away with (section 4.3).
    private static final class OneLevel extends FileUpload {

        /// Asked for the boundary of the body and of each part that is a multipart body again.
        @Override
        public byte @Nullable [] getBoundary(String contentType) {
            if (contentType.toLowerCase(Locale.ROOT).startsWith(MULTIPART_MIXED)) {
                throw malformed("the part 'file' is cut into parts itself");
            }
            return super.getBoundary(contentType);
        }
    }

    /// Says what is wrong itself, whoever reads it.
    private static final class Content extends FilterInputStream {

        private Content(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (MalformedStreamException cutShort) {
                throw malformed("the body ends inside the part");
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (MalformedStreamException cutShort) {
                throw malformed("the body ends inside the part");
            }
        }
    }
}
