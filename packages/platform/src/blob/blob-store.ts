/** Files by their content: pictures and documents that records point at. Written once, never changed. */
export interface BlobStore {
  /** Keeps the bytes and answers their SHA-256 (hex) once they are durable; the same bytes are kept once. */
  put(bytes: Uint8Array): Promise<string>
  /**
   * The bytes of a SHA-256 (hex); undefined when there are none.
   * @throws DomainError `defect` when what is kept is no longer what was put
   */
  get(hash: string): Promise<Uint8Array | undefined>
}
