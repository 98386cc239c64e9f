/** In the words and the order of the format. */
export type FindingKind =
  | 'unreadable'
  | 'forged'
  | 'altered'
  | 'reordered'
  | 'missing'
  | 'truncated'
  | 'rolled-back'
  | 'unproven'

export interface Finding {
  kind: FindingKind
  /** Line of the bundle, from 1, where it was seen. */
  line: number | null
  /** Place in the ledger, from 0. */
  place: number | null
  /** Whole microseconds since 1970. */
  at: number | null
  actor: string | null
  operation: string | null
  /** `<kind> <id>`. */
  record: string | null
  /** One sentence: what was found. */
  what: string
  /** One sentence: what it means. */
  means: string
  /** One sentence: what to ask for next. */
  ask: string
}

/** What a kind means and what to ask for next, where the finding itself does not say it more exactly. */
const meanings: Readonly<Record<FindingKind, readonly [means: string, ask: string]>> = {
  unreadable: [
    'Nothing can be said about what it holds: it was damaged on the way, cut off, or it is something else.',
    'Ask for the bundle once more, and compare the sizes of both files.',
  ],
  forged: [
    'Somebody without the key of the ledger made it, or it belongs to another ledger.',
    'Ask the plant for the verifier key of key 1 in another way than this bundle came, and for a bundle exported anew.',
  ],
  altered: [
    'It was changed after it was sealed.',
    'Ask for the same place from a backup made before, and who could write to the database or to this file since.',
  ],
  reordered: [
    'The order in which things happened was changed after it was sealed.',
    'Ask for the places in question from a backup, and who could write to the database or to this file since.',
  ],
  missing: [
    'Something that was recorded is not shown.',
    'Ask for a window bundle over these places, and if it lacks them too, for a backup made before.',
  ],
  truncated: [
    'The end of the ledger was cut off, or this bundle is older than the checkpoint.',
    'Ask for a bundle exported now; if its tree is still smaller than the checkpoint, ask for a backup made after it.',
  ],
  'rolled-back': [
    'The ledger was set back to an earlier state and went on differently: what happened in between is gone or replaced.',
    'Ask for every checkpoint kept outside the plant, and for backups from before and after.',
  ],
  unproven: [
    'Something that was sealed before that checkpoint was rewritten together with its hashes.',
    'Ask for a window bundle from place 0, and for the checkpoints kept outside the plant.',
  ],
}

/** A finding with the usual meaning of its kind; `about` adds what is known of place, time and person. */
export function findingOf(kind: FindingKind, what: string, about: Partial<Finding> = {}): Finding {
  const [means, ask] = meanings[kind]
  const unknown = { line: null, place: null, at: null, actor: null, operation: null, record: null }
  return { kind, ...unknown, what: sentence(what), means, ask, ...about }
}

/** Ends the check: what follows could not be judged any more. */
export class Stop extends Error {
  readonly finding: Finding
  constructor(finding: Finding) {
    super(finding.what)
    this.finding = finding
  }
}

/** Ends the check with `unreadable`. */
export function unreadable(what: string): Stop {
  return new Stop(findingOf('unreadable', what))
}

/** Ends the check with `forged`. */
export function forged(what: string, about: Partial<Finding> = {}): Stop {
  return new Stop(findingOf('forged', what, about))
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
