import type { getDiagnostics } from '@throughline/model'
import { z } from 'zod'

const Progress = z.object({ fraction: z.number().min(0).max(1), message: z.string().max(200) })

type Shown = z.output<typeof getDiagnostics.output>['backfill']

/** How far somebody is with sending history; nothing to show once it is done. */
export class BackfillProgress {
  #shown: Shown = null

  hear(agent: string, message: Uint8Array): void {
    const progress = parse(message)
    if (progress === undefined) return
    this.#shown = progress.fraction >= 1 ? null : { source: agent, ...progress }
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
