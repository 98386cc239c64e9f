/** Why somebody is asked to prove once more who they are. */
export type ProofCause = 'step-up' | 'locked'

/** Asks the person at the page; true once they have proved themselves, false when they would rather not. */
export type ProofAsker = (cause: ProofCause) => Promise<boolean>

/** Where calls that were refused wait while somebody proves once more who they are: all of them for one answer. */
class ProofDesk {
  #asker: ProofAsker | undefined
  #pending: Promise<boolean> | undefined

  /** The dialog that asks, while it is on the page; the answer takes it away again. */
  attend(asker: ProofAsker): () => void {
    this.#asker = asker
    return () => {
      if (this.#asker === asker) this.#asker = undefined
    }
  }

  /** False when nobody is there to ask. */
  ask(cause: ProofCause): Promise<boolean> {
    if (this.#asker === undefined) return Promise.resolve(false)
    this.#pending ??= this.#asker(cause).finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }
}

export const proofDesk = new ProofDesk()
