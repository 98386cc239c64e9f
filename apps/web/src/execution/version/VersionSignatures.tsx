import type { ReactElement } from 'react'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import type { AnyVersion } from './version-words.ts'

interface VersionSignaturesProps {
  /** As the ledger names it: `execution.instruction`. */
  readonly kind: string
  readonly shown: AnyVersion
  /** Names of the queries that show the version. */
  readonly shows: readonly string[]
  /** What comes of it when it is effective. */
  readonly effect: string
}

const notYet = {
  draft: 'A draft can be changed until somebody signs it. Its author does not sign it.',
  'in-review': 'It is signed and can no longer be changed: what is written now is the next version.',
  effective: undefined,
  retired: undefined,
} as const

/** Who stands for a version: reviewed, then released by another person. */
export function VersionSignatures({ kind, shown, shows, effect }: VersionSignaturesProps): ReactElement {
  const signing = useSigning(
    { kind, id: shown.id },
    { shows: shows.map((name) => ({ queryKey: [name] })), effect: <>{effect}</> },
  )
  return (
    <section className="performance-panel" aria-labelledby="version-signatures">
      <div className="performance-panel-head">
        <h2 id="version-signatures">Signatures on version {shown.version}</h2>
        <RecordTrailLink kind={kind} id={shown.id} />
      </div>
      {notYet[shown.state] === undefined ? null : <p>{notYet[shown.state]}</p>}
      <RecordSignatures signing={signing} />
    </section>
  )
}
