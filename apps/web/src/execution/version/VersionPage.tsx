import type { Instant } from '@throughline/kernel'
import type { FieldDifference } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { VersionDifference } from './VersionDifference.tsx'
import { VersionSignatures } from './VersionSignatures.tsx'
import { VersionTable } from './VersionTable.tsx'
import type { BasedVersion, MemberDifference } from './version-words.ts'
import { chosenVersion, versionsAnswer } from './version-words.ts'
import '../../performance/performance.css'
import '../making.css'

interface DatedVersion extends BasedVersion {
  readonly changeReason: string
  readonly draftedBy: string
  readonly draftedAt: Instant
  readonly effectiveAt: Instant | null
}

interface VersionPageProps<Row extends DatedVersion> {
  /** What it is called in full, once it is known. */
  readonly title: (newest: Row) => string
  readonly code: string
  /** The way to the list. */
  readonly above: ReactElement
  readonly versions: readonly Row[] | undefined
  readonly error: Error | null
  readonly search: { readonly version?: number | undefined; readonly with?: number | undefined }
  readonly onCompare: (version: number) => void
  readonly link: (version: number, text: string) => ReactElement
  readonly actions: (newest: Row, effective: Row | undefined) => ReactNode
  /** As the ledger names its records. */
  readonly kind: string
  /** Names of the queries that show it. */
  readonly shows: readonly string[]
  readonly effect: string
  /** What differs: its own fields, and those of its parts, which are called `noun`. */
  readonly fields: (before: Row, after: Row) => readonly FieldDifference[]
  readonly members: (before: Row, after: Row) => readonly MemberDifference[]
  readonly noun: string
  /** All that the version says, and where it is used. */
  readonly children: (shown: Row, versions: readonly Row[]) => ReactNode
}

/** One thing under version control: what holds, what waits, who stands for it, what differs, and what it says. */
export function VersionPage<Row extends DatedVersion>(props: VersionPageProps<Row>): ReactElement {
  const { title, code, above, error, search, onCompare, link, actions, kind, shows, effect, noun, children } = props
  const versions = (props.versions ?? []).toSorted((a, b) => b.version - a.version)
  const [newest] = versions
  const shown = chosenVersion(versions, search.version)
  const compared =
    versions.find(({ version }) => version === search.with && version !== shown?.version) ??
    versions.find(({ version }) => shown !== undefined && version < shown.version)
  return (
    <>
      <ScreenHead
        above={above}
        title={newest === undefined ? code : title(newest)}
        answer={newest === undefined ? undefined : <strong>{versionsAnswer(versions)}</strong>}
        actions={
          newest === undefined
            ? undefined
            : actions(
                newest,
                versions.find(({ state }) => state === 'effective'),
              )
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what={`${code} could not be read`} error={error} />}
        {props.versions !== undefined && newest === undefined ? (
          <EmptyState title={`There is no ${code} here`} action={above} />
        ) : null}
        {shown === undefined ? null : (
          <>
            <VersionTable versions={versions} chosen={shown.version} link={link} />
            <VersionSignatures key={shown.id} kind={kind} shown={shown} shows={shows} effect={effect} />
            <VersionDifference
              versions={versions}
              shown={shown}
              compared={compared}
              noun={noun}
              onCompare={onCompare}
              fields={compared === undefined ? [] : props.fields(compared, shown)}
              members={compared === undefined ? [] : props.members(compared, shown)}
            />
            {children(shown, versions)}
          </>
        )}
      </div>
    </>
  )
}
