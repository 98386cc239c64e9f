import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { getLedgerStatus } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { z } from 'zod'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AuditTabs } from '../audit/AuditTabs.tsx'
import { clockWords, instantOf } from '../audit/audit-search.ts'
import { Fact } from '../audit/EntryScreen.tsx'
import { DownloadProof } from '../record/DownloadProof.tsx'
import { LedgerCheck } from './LedgerCheck.tsx'
import { LedgerKeys } from './LedgerKeys.tsx'
import '../audit/audit.css'

type Status = z.output<typeof getLedgerStatus.output>

const refreshMs = 10_000

/** How far what was recorded is signed, by which key, who was told, and whether it is whole. */
export function LedgerScreen(): ReactElement {
  const query = useQuery({ ...ask(getLedgerStatus, {}), refetchInterval: refreshMs })
  const timeZone = usePlantZone()
  const timeText = (at: Instant): string => formatInstant(at, 'record', timeZone)
  const { data } = query
  return (
    <>
      <ScreenHead title="Ledger" answer={data === undefined ? undefined : answerOf(data, timeText)} />
      <AuditTabs />
      <div className="audit">
        {query.isError ? <ProblemNotice what="The state of the ledger could not be read" error={query.error} /> : null}
        {data === undefined ? null : (
          <>
            <Faults data={data} timeText={timeText} />
            <Checkpoint data={data} timeText={timeText} />
            <LedgerKeys keys={data.keys} />
            <Anchors anchors={data.anchors} timeText={timeText} />
          </>
        )}
        <LedgerCheck timeText={timeText} />
        <Window />
        <section aria-labelledby="ledger-verify">
          <h2 id="ledger-verify">Check a bundle without this product</h2>
          <p>
            The checker is one page that needs no network and no installation: keep it, open it from disk, and give it a
            bundle.
          </p>
          <p>
            <a href="/verify/throughline-verify.html" download>
              Download the offline checker
            </a>
          </p>
        </section>
      </div>
    </>
  )
}

function answerOf({ checkpoint, faults }: Status, timeText: (at: Instant) => string): string {
  if (checkpoint === null) return 'Nothing is signed yet: the first checkpoint follows within a minute.'
  const signed = `${formatNumber(checkpoint.size, 0)} leaves signed, last on ${timeText(checkpoint.at)}`
  return faults.length === 0 ? signed : `${signed} · ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`
}

interface Part {
  readonly data: Status
  readonly timeText: (at: Instant) => string
}

function Faults({ data, timeText }: Part): ReactElement | null {
  if (data.faults.length === 0) return null
  return (
    <section className="tl-notice" role="alert" aria-label="What does not work at the moment">
      {data.faults.map(({ what, message, since }) => (
        <p key={what}>
          <strong>{what}</strong> since {timeText(since)}: {message}
        </p>
      ))}
    </section>
  )
}

function Checkpoint({ data, timeText }: Part): ReactElement {
  const { checkpoint, id, plant } = data
  const root = checkpoint?.note.split('\n')[2]
  return (
    <section aria-labelledby="ledger-checkpoint">
      <h2 id="ledger-checkpoint">Last checkpoint</h2>
      <dl className="facts-list">
        <Fact name="Plant">{plant}</Fact>
        <Fact name="Ledger">{id}</Fact>
        <Fact name="Signed">{checkpoint === null ? 'not yet' : timeText(checkpoint.at)}</Fact>
        <Fact name="Leaves">{checkpoint === null ? '0' : formatNumber(checkpoint.size, 0)}</Fact>
        <Fact name="Root hash">{root ?? '—'}</Fact>
      </dl>
    </section>
  )
}

function Anchors({
  anchors,
  timeText,
}: {
  anchors: Status['anchors']
  timeText: (at: Instant) => string
}): ReactElement {
  return (
    <section aria-labelledby="ledger-anchors">
      <h2 id="ledger-anchors">Who was handed checkpoints</h2>
      <DataTable
        caption="Anchors"
        rows={anchors}
        rowKey={({ kind, target }) => `${kind} ${target}`}
        empty={
          <EmptyState
            title="Checkpoints leave this plant nowhere"
            reason="Without one kept outside, somebody with the private key could rewrite everything. Ask an administrator to name a folder, a mailbox or a time stamp authority."
          />
        }
        columns={[
          { key: 'kind', head: 'Kind', cell: ({ kind }) => kind.replaceAll('-', ' '), tight: true },
          { key: 'target', head: 'Target', cell: ({ target }) => <span className="hash">{target}</span> },
          {
            key: 'size',
            head: 'Leaves',
            align: 'right',
            tight: true,
            cell: ({ size }) => (size === null ? '—' : formatNumber(size, 0)),
          },
          { key: 'at', head: 'Last taken', cell: ({ at }) => (at === null ? 'never' : timeText(at)), tight: true },
        ]}
      />
    </section>
  )
}

/** Everything that was recorded in a window of time, to take away. */
function Window(): ReactElement {
  const timeZone = usePlantZone()
  const [text, setText] = useState({ from: '', to: '' })
  const [from, to] = [instantOf(text.from, timeZone), instantOf(text.to, timeZone)]
  return (
    <section aria-labelledby="ledger-window">
      <h2 id="ledger-window">Take away what was recorded in a window of time</h2>
      <div className="audit-filter">
        <TextInput
          label="From"
          description={clockWords(timeZone)}
          className="audit-time"
          type="datetime-local"
          value={text.from}
          onChange={(event) => setText({ ...text, from: event.currentTarget.value })}
        />
        <TextInput
          label="Before"
          description={clockWords(timeZone)}
          className="audit-time"
          type="datetime-local"
          value={text.to}
          onChange={(event) => setText({ ...text, to: event.currentTarget.value })}
        />
      </div>
      <div>
        {from === undefined || to === undefined || from >= to ? (
          <p className="tl-dim">Say from when and before when; then the bundle can be downloaded here.</p>
        ) : (
          <DownloadProof subject={{ kind: 'window', from, to }} label="Download bundle" />
        )}
      </div>
    </section>
  )
}
