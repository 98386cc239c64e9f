import { NativeSelect, TextInput } from '@mantine/core'
import type { RecordRef } from '@throughline/model'
import type { DataColumn } from '@throughline/ui'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { InForce } from '../access/InForce.tsx'
import type { Dated } from './qualification-words.ts'
import { endsSoon, standing, standingWords } from './qualification-words.ts'

/** What somebody or something holds, and what showed it. */
interface Held extends Dated {
  readonly id: string
  readonly evidence: string
}

/** Which of them are shown: `held` = in force or to come. */
export type Shown = 'held' | 'all'

interface HeldListProps<Row extends Held> {
  readonly kind: RecordRef['kind']
  /** Undefined = not read yet. */
  readonly data: readonly Row[] | undefined
  readonly error: Error | null
  readonly now: number
  readonly search: string
  readonly show: Shown
  readonly onSearch: (search: string | undefined) => void
  readonly onShow: (show: 'all' | undefined) => void
  /** Who or what holds it, and what it is: the columns before the others, and what a search looks at. */
  readonly columns: readonly DataColumn<Row>[]
  readonly textOf: (row: Row) => readonly string[]
  /** What would be taken back: `WELD-3 of Susi`. */
  readonly nameOf: (row: Row) => string
  readonly zoneOf: (row: Row) => string | undefined
  /** Who gave it: `recorded by susi`. */
  readonly givenBy: (row: Row) => string
  readonly words: {
    readonly caption: string
    readonly unread: string
    readonly placeholder: string
    readonly all: string
    readonly none: string
    readonly why: string
    readonly until: string
    readonly revoke: string
    readonly revoked: string
  }
  /** Why one may not take it back; undefined = one may. */
  readonly mayNot: string | undefined
  readonly onRevoke: (row: Row) => void
}

/** What is held until some day, by people or by equipment: found by words, with its standing, and taken back. */
export function HeldList<Row extends Held>(props: HeldListProps<Row>): ReactElement {
  const { kind, data, error, now, search, show, columns, textOf, nameOf, zoneOf, givenBy, words, mayNot } = props
  const wanted = search.trim().toLowerCase()
  const rows = data?.filter(
    (each) =>
      (show === 'all' || standing(each, now) === 'holds' || standing(each, now) === 'later') &&
      textOf(each).some((text) => text.toLowerCase().includes(wanted)),
  )
  return (
    <>
      <search className="access-filter">
        <TextInput
          label="Search"
          placeholder={words.placeholder}
          value={search}
          maxLength={60}
          onChange={({ currentTarget: { value } }) => props.onSearch(value === '' ? undefined : value)}
        />
        <NativeSelect
          label="Which"
          value={show}
          data={[
            { value: 'held', label: 'In force or to come' },
            { value: 'all', label: words.all },
          ]}
          onChange={({ currentTarget: { value } }) => props.onShow(value === 'all' ? 'all' : undefined)}
        />
      </search>
      {error === null ? null : <ProblemNotice what={words.unread} error={error} />}
      {rows === undefined ? null : (
        <DataTable
          caption={words.caption}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<EmptyState title={data?.length === 0 ? words.none : 'None fits.'} reason={words.why} />}
          columns={[
            ...columns,
            {
              key: 'state',
              head: 'State',
              cell: (row) => (
                <>
                  <InForce
                    holds={standing(row, now) === 'holds'}
                    yes={standingWords.holds}
                    no={row.revoked === null ? standingWords[standing(row, now)] : words.revoked}
                  />
                  {row.revoked === null ? null : (
                    <span className="access-sub">
                      by {row.revoked.by}: {row.revoked.reason}
                    </span>
                  )}
                </>
              ),
            },
            {
              key: 'until',
              head: words.until,
              tight: true,
              cell: (row) => (
                <>
                  {row.validTo === null ? 'without end' : formatInstant(row.validTo, 'record', zoneOf(row))}
                  {endsSoon(row, now) ? <span className="access-sub">within 30 days</span> : null}
                </>
              ),
            },
            {
              key: 'evidence',
              head: 'Evidence',
              cell: (row) => (
                <>
                  {row.evidence}
                  <span className="access-sub">
                    since {formatInstant(row.validFrom, 'day', zoneOf(row))}, {givenBy(row)}
                  </span>
                </>
              ),
            },
            {
              key: 'acts',
              head: <span className="tl-hidden">What can be done</span>,
              tight: true,
              cell: (row) => (
                <span className="access-actions">
                  {row.revoked === null && standing(row, now) !== 'over' ? (
                    <GuardedButton
                      variant="default"
                      size="compact-sm"
                      reason={mayNot}
                      aria-label={`${words.revoke} ${nameOf(row)}`}
                      onClick={() => props.onRevoke(row)}
                    >
                      {words.revoke}
                    </GuardedButton>
                  ) : null}
                  <RecordTrailLink kind={kind} id={row.id} />
                </span>
              ),
            },
          ]}
        />
      )}
    </>
  )
}

/** How many hold, and how many of them soon no more: the answer at the head of the page. */
export function HeldAnswer({ data, now }: { readonly data: readonly Dated[]; readonly now: number }): ReactElement {
  const held = data.filter((each) => standing(each, now) === 'holds')
  const soon = held.filter((each) => endsSoon(each, now)).length
  return (
    <>
      <span>{held.length} in force</span>
      <strong>
        {soon === 0 ? 'none ends within 30 days' : `${soon} ${soon === 1 ? 'ends' : 'end'} within 30 days`}
      </strong>
    </>
  )
}
