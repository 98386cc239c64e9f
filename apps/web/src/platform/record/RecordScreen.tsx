import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { RecordChange } from '@throughline/model'
import { listRecordChanges, prepareSignature, recordNoun } from '@throughline/model'
import { DifferenceList, EmptyState, formatInstant, ProblemNotice, SignatureBlock } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { EntryLine } from '../audit/EntryLine.tsx'
import { nameIn } from '../audit/entry-words.ts'
import { DownloadProof } from './DownloadProof.tsx'
import '../audit/audit.css'

const route = getRouteApi('/app/audit/record/$kind/$id')
const pageSize = 50

/** One record: every version, with who made it, when, why, and what it changed; its signatures; its proof. */
export function RecordScreen(): ReactElement {
  const record = route.useParams()
  const timeZone = usePlantZone()
  const timeText = (at: Instant): string => formatInstant(at, 'record', timeZone)
  const query = useInfiniteQuery({
    queryKey: [listRecordChanges.name, 'pages', record],
    queryFn: ({ pageParam, signal }) =>
      client(
        listRecordChanges,
        pageParam === null ? { record, limit: pageSize } : { record, limit: pageSize, before: pageParam },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : (page.at(-1)?.change.version ?? undefined)),
  })
  const versions = query.data?.pages.flat() ?? []
  const newest = versions[0]?.change
  const noun = recordNoun(record.kind)
  return (
    <>
      <ScreenHead
        above={<Link to="/audit">Audit trail</Link>}
        title={`Trail of ${noun} ${nameOf(versions) ?? ''}`.trim()}
        answer={
          newest === undefined ? undefined : (
            <>
              <span>
                version {newest.version} of {timeText(newest.at)}
              </span>
              <span className="hash">{record.id}</span>
            </>
          )
        }
        actions={
          newest === undefined ? null : <DownloadProof subject={{ kind: 'record', record }} label="Download proof" />
        }
      />
      <div className="audit">
        {query.isError ? <ProblemNotice what="The versions could not be read" error={query.error} /> : null}
        {query.data !== undefined && newest === undefined ? (
          <EmptyState title="No such record" reason={`The ledger knows no ${noun} with the id ${record.id}.`} />
        ) : null}
        {newest === undefined ? null : <Signatures record={record} />}
        {newest === undefined ? null : <h2>Versions, newest first</h2>}
        <ol className="version-list" aria-label="Versions, newest first">
          {versions.map(({ change, entry }) => (
            <li key={change.version}>
              <h3>Version {change.version}</h3>
              <EntryLine entry={entry} />
              <DifferenceList rows={change.rows} timeText={timeText} />
            </li>
          ))}
        </ol>
        {query.hasNextPage ? (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older versions
          </Button>
        ) : null}
      </div>
    </>
  )
}

/** What the record was called last, in its main row. */
function nameOf(versions: readonly { readonly change: RecordChange }[]): string | undefined {
  for (const { change } of versions) {
    const row = change.rows.findLast(({ table }) => table === change.record.kind)
    const name = nameIn(row?.after ?? row?.before)
    if (name !== undefined) return name
  }
  return undefined
}

function Signatures({ record }: { record: { kind: string; id: string } }): ReactElement {
  const { data, error } = useQuery(ask(prepareSignature, { record }))
  if (error !== null) return <ProblemNotice what="The signatures could not be read" error={error} />
  return <SignatureBlock steps={data?.steps ?? []} signatures={data?.signatures ?? []} />
}
