/** Sizes and counts beyond which a head is refused; bytes unless said otherwise. */

/** Longest request line; longer is 414. RFC 9112 §3 asks for at least 8,000. */
export const MAX_REQUEST_LINE: number = 8192;
/** Most field lines of one head; more is 431. */
export const MAX_FIELDS: number = 100;
/** Longest field section of a request; longer is 431. */
export const MAX_REQUEST_FIELDS: number = 32 * 1024;
/** Longest head of an answer; longer is 502. */
export const MAX_ANSWER_HEAD: number = 64 * 1024;
/** Chunk extensions of one body, in total (CVE-2024-22019 was the lack of this limit). */
export const MAX_CHUNK_EXTENSIONS: number = 16 * 1024;
/** Trailer section of one body. */
export const MAX_TRAILERS: number = 8 * 1024;
/** Most 1xx answers before a final one; a count. */
export const MAX_INTERIM_ANSWERS: number = 20;
