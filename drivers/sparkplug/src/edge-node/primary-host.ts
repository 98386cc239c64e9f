import { decodeState } from '../state-message.ts'

/** Follows the STATE of the host that an edge node waits for. */
export class PrimaryHost {
  #online = false
  #timestamp = Number.NEGATIVE_INFINITY

  get online(): boolean {
    return this.#online
  }

  /** The line is new: what the host was before is not what it is now, and the broker tells that anew. */
  forget(): void {
    this.#online = false
  }

  /**
   * Takes one STATE message and tells what it means. One that is older than the last is void: a death certificate that
   * arrives late must not end a newer session.
   */
  hear(payload: Uint8Array): 'came-online' | 'went-offline' | 'unchanged' | 'malformed' {
    const state = decodeState(payload)
    if (!state) return 'malformed'
    if (state.timestamp < this.#timestamp) return 'unchanged'
    this.#timestamp = state.timestamp
    const was = this.#online
    this.#online = state.online
    if (was === state.online) return 'unchanged'
    return state.online ? 'came-online' : 'went-offline'
  }
}
