import type { ReactElement } from 'react'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import type { BasedVersion } from './version-words.ts'
import { overtakenText, versionStateWords } from './version-words.ts'

interface VersionSignaturesProps {
  /** As the ledger names it: `execution.instruction`. */
  readonly kind: string
  readonly shown: BasedVersion
  /** Names of the queries that show the version. */
  readonly shows: readonly string[]
  /** What comes of it when it is effective. */
  readonly effect: string
}

const notYet = {
  draft: 'A draft can be changed until somebody signs it. Its author does not sign it.',
  'in-review': 'It is signed and can no longer be changed: what is written now is the next version.',
  effective: 'New work follows it.',
  retired: 'New work does not follow it; what was begun by it keeps it.',
} as const

/** Who stands for a version: reviewed, then released by another person. */
export function VersionSignatures({ kind, shown, shows, effect }: VersionSignaturesProps): ReactElement {
  const signing = useSigning(
    { kind, id: shown.id },
    { shows: shows.map((name) => ({ queryKey: [name] })), effect: <>{effect}</> },
  )
  const overtaken = overtakenText(shown)
  return (
    <section className="performance-panel" aria-label={`Signatures on version ${shown.version}`}>
      <div className="performance-panel-head">
        <p>
          <strong>Version {shown.version}</strong>: {versionStateWords[shown.state].toLowerCase()}.{' '}
          {notYet[shown.state]}
        </p>
        <RecordTrailLink kind={kind} id={shown.id} />
      </div>
      {overtaken === undefined ? null : <p className="screen-note">{overtaken}</p>}
      <RecordSignatures signing={signing} isInForce={shown.state === 'effective' || shown.state === 'retired'} />
    </section>
  )
}
