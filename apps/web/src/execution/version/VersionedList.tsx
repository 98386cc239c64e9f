import { NativeSelect } from '@mantine/core'
import type { Instant } from '@throughline/kernel'
import type { Permission } from '@throughline/model'
import { VersionState } from '@throughline/model'
import type { DataColumn } from '@throughline/ui'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import type { AnyVersion } from './version-words.ts'
import { versionStateWords } from './version-words.ts'
import '../../identity/access/access.css'
import '../../performance/performance.css'
import '../making.css'

interface Listed extends AnyVersion {
  readonly changeReason: string
  readonly draftedBy: string
  readonly draftedAt: Instant
}

interface VersionedListProps<Row extends Listed> {
  readonly title: string
  /** What one of them is called, and several: `instruction`, `instructions`. */
  readonly nouns: readonly [string, string]
  readonly listed: { readonly data: readonly Row[] | undefined; readonly error: Error | null }
  readonly state: VersionState | undefined
  readonly onState: (state: VersionState | undefined) => void
  /** Name and meaning, with the way to it. */
  readonly first: (row: Row) => ReactElement
  readonly columns?: readonly DataColumn<Row>[]
  /** Who may write another one, and what opens it. */
  readonly permission: Permission
  readonly onWrite: () => void
  readonly tabs: ReactElement
}

/** What is under version control, each by its newest version, with what waits for signatures first in words. */
export function VersionedList<Row extends Listed>(props: VersionedListProps<Row>): ReactElement {
  const { title, nouns, listed, state, onState, first, columns = [], permission, onWrite, tabs } = props
  const { data: rows, error } = listed
  const [one, many] = nouns
  const denial = useDenial()
  const timeZone = usePlantZone()
  const waiting = rows?.filter((each) => each.state === 'draft' || each.state === 'in-review').length ?? 0
  return (
    <>
      <ScreenHead
        title={title}
        answer={
          rows === undefined ? undefined : (
            <>
              <span>
                {rows.length} {rows.length === 1 ? one : many}
              </span>
              <strong>{waiting === 0 ? 'none waits for signatures' : `${waiting} to be reviewed or released`}</strong>
            </>
          )
        }
        actions={
          <GuardedButton reason={denial(permission, `write ${many}`)} onClick={onWrite}>
            Write {/^[aeiou]/.test(one) ? 'an' : 'a'} {one}
          </GuardedButton>
        }
      />
      {tabs}
      <div className="performance">
        <search className="access-filter">
          <NativeSelect
            label="State of the newest version"
            value={state ?? ''}
            data={[
              { value: '', label: 'Any' },
              ...VersionState.options.map((value) => ({ value: value as string, label: versionStateWords[value] })),
            ]}
            onChange={({ currentTarget: { value } }) => onState(VersionState.options.find((each) => each === value))}
          />
        </search>
        {error === null ? null : <ProblemNotice what={`The ${many} could not be read`} error={error} />}
        {rows === undefined ? null : (
          <DataTable
            caption={`${title}, newest version of each`}
            rows={rows.filter((each) => state === undefined || each.state === state)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                title={state === undefined ? `No ${one} yet.` : `No ${one} fits.`}
                reason={state === undefined ? 'Engineers write them here.' : 'Take back the filter.'}
              />
            }
            columns={[
              { key: 'first', head: `${one.charAt(0).toUpperCase()}${one.slice(1)}`, cell: first },
              { key: 'version', head: 'Version', align: 'right', tight: true, cell: ({ version }) => version },
              { key: 'state', head: 'State', tight: true, cell: (row) => versionStateWords[row.state] },
              ...columns,
              {
                key: 'by',
                head: 'Drafted',
                tight: true,
                cell: ({ draftedBy, draftedAt }) => (
                  <>
                    {draftedBy}
                    <span className="machine-sub">{formatInstant(draftedAt, 'day-minute', timeZone)}</span>
                  </>
                ),
              },
              { key: 'why', head: 'Why', cell: ({ changeReason }) => changeReason },
            ]}
          />
        )}
      </div>
    </>
  )
}
