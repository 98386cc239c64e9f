import type { Instant } from '@throughline/kernel'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { BasedVersion } from './version-words.ts'
import { versionStateWords } from './version-words.ts'

interface VersionTableProps {
  readonly versions: readonly (BasedVersion & {
    readonly changeReason: string
    readonly draftedBy: string
    readonly draftedAt: Instant
    readonly effectiveAt: Instant | null
  })[]
  readonly chosen: number | undefined
  /** The way to one version. */
  readonly link: (version: number, text: string) => ReactElement
}

/** The versions of one definition, newest first: which holds, who wrote it, and why. */
export function VersionTable({ versions, chosen, link }: VersionTableProps): ReactElement {
  const timeZone = usePlantZone()
  return (
    <DataTable
      caption="Versions, newest first"
      rows={versions}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'version',
          head: 'Version',
          tight: true,
          cell: ({ version, drawnFrom }) => (
            <>
              {link(version, `Version ${version}`)}
              {drawnFrom == null ? null : <span className="machine-sub">drawn from version {drawnFrom}</span>}
              {version === chosen ? <span className="machine-sub">shown below</span> : null}
            </>
          ),
        },
        { key: 'state', head: 'State', tight: true, cell: ({ state }) => versionStateWords[state] },
        { key: 'why', head: 'Why', cell: ({ changeReason }) => changeReason },
        {
          key: 'by',
          head: 'Drafted',
          tight: true,
          cell: ({ draftedBy, draftedAt }) => (
            <>
              {draftedBy}
              <span className="machine-sub">{formatInstant(draftedAt, 'record', timeZone)}</span>
            </>
          ),
        },
        {
          key: 'effective',
          head: 'Effective since',
          tight: true,
          cell: ({ effectiveAt }) => (effectiveAt === null ? '—' : formatInstant(effectiveAt, 'record', timeZone)),
        },
      ]}
    />
  )
}
