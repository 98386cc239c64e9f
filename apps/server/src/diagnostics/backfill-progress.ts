import type { getDiagnostics } from '@throughline/model'
import { z } from 'zod'

const Progress = z.object({ fraction: z.number().min(0).max(1), message: z.string().max(200) })

type Shown = z.output<typeof getDiagnostics.output>['backfill']

/** How far somebody is with sending history; nothing to show once it is done. */
export class BackfillProgress {
  readonly #onDone: () => void
  #shown: Shown = null

  constructor(onDone: () => void) {
    this.#onDone = onDone
  }

  hear(agent: string, message: Uint8Array): void {
    const progress = parse(message)
    if (progress === undefined) return
    const isDone = progress.fraction >= 1
    this.#shown = isDone ? null : { source: agent, ...progress }
    if (isDone) this.#onDone()
  }

  get shown(): Shown {
    return this.#shown
  }
}

function parse(message: Uint8Array): z.infer<typeof Progress> | undefined {
  try {
    return Progress.safeParse(JSON.parse(new TextDecoder().decode(message))).data
  } catch {
    return undefined
  }
}
