import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AlarmDefinition } from '@throughline/model'
import { listAlarmDefinitions, listUnmappedAlarmSources } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useTopic } from '../../live/topic-hooks.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { conditionText, definitionStateWords } from '../alarm-words.ts'
import { DefinitionForm } from './DefinitionForm.tsx'
import { ExportButton, ImportDialog } from './DefinitionTransfer.tsx'
import { useDefinitionNames } from './use-names.ts'

const route = getRouteApi('/app/alarm-definitions')
const states = ['draft', 'released', 'retired'] as const

/** The master alarm database: the newest version of each alarm. */
export function DefinitionListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { nodes, tree } = useNodes()
  const denial = useDenial()
  const [task, setTask] = useState<'draft' | 'import' | undefined>(undefined)
  const node = search.node === undefined ? undefined : tree.node(search.node)
  useTopic('alarm', [[listAlarmDefinitions.name]])
  const { data, error } = useQuery(ask(listAlarmDefinitions, node === undefined ? {} : { nodeId: node.id }))
  const shown = (data ?? []).filter(({ state }) => search.state === undefined || state === search.state)
  const drafts = (data ?? []).filter(({ state }) => state === 'draft').length
  return (
    <>
      <ScreenHead
        title="Master alarm database"
        answer={
          data === undefined ? undefined : (
            <>
              <span>
                {data.length} {data.length === 1 ? 'alarm' : 'alarms'}
              </span>
              <strong>{drafts === 0 ? 'none waits for its release' : `${drafts} to be reviewed and released`}</strong>
            </>
          )
        }
        actions={
          <>
            <GuardedButton reason={denial('alarm.definition.write', 'draft alarms')} onClick={() => setTask('draft')}>
              Draft an alarm
            </GuardedButton>
            <ExportButton node={node} />
            <GuardedButton
              variant="default"
              reason={denial('alarm.definition.write', 'import alarms')}
              onClick={() => setTask('import')}
            >
              Import CSV
            </GuardedButton>
          </>
        }
      />
      <AlarmTabs />
      <div className="performance-bar">
        <div className="performance-place">
          <span className="performance-bar-label">Where</span>
          <ScopePicker
            label="Where"
            nodes={nodes}
            value={node?.id ?? null}
            onPick={(id) =>
              void navigate({ search: (before) => ({ ...before, node: nodes.find((one) => one.id === id)?.path }) })
            }
          />
        </div>
        <SegmentedControl
          aria-label="Which definitions"
          data={[
            { value: 'all', label: 'All' },
            ...states.map((value) => ({ value, label: definitionStateWords[value] })),
          ]}
          value={search.state ?? 'all'}
          onChange={(value) =>
            void navigate({ search: (before) => ({ ...before, state: states.find((one) => one === value) }) })
          }
        />
      </div>
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The definitions could not be read" error={error} />}
        {data === undefined ? null : <Definitions definitions={shown} tree={tree} />}
        <Unmapped />
      </div>
      {task === 'draft' ? (
        <DefinitionForm
          before={undefined}
          nodes={nodes}
          onClose={() => setTask(undefined)}
          onDrafted={({ name }) => void navigate({ to: '/alarm-definitions/$name', params: { name } })}
        />
      ) : null}
      {task === 'import' ? <ImportDialog onClose={() => setTask(undefined)} /> : null}
    </>
  )
}

interface DefinitionsProps {
  readonly definitions: readonly AlarmDefinition[]
  readonly tree: PlantTree
}

function Definitions({ definitions, tree }: DefinitionsProps): ReactElement {
  const names = useDefinitionNames(tree)
  return (
    <DataTable
      caption="Alarm definitions"
      rows={definitions}
      rowKey={(row) => row.id}
      empty={
        <EmptyState
          title="No alarms here"
          reason="Alarms are drafted one by one or imported from a CSV file here, or taken over at commissioning by alarm.definition.adopt."
        />
      }
      columns={[
        {
          key: 'priority',
          head: 'Priority',
          tight: true,
          cell: (row) => <AlarmMark priority={row.priority as AlarmPriority} size={14} />,
        },
        {
          key: 'name',
          head: 'Alarm',
          cell: (row) => (
            <>
              <Link to="/alarm-definitions/$name" params={{ name: row.name }}>
                {row.name}
              </Link>
              <span className="access-sub">{row.message}</span>
            </>
          ),
        },
        { key: 'node', head: 'Equipment', cell: (row) => names.node(row.nodeId) },
        {
          key: 'condition',
          head: 'Condition',
          cell: (row) => conditionText(row.condition, row.tagId === null ? '' : names.unit(row.tagId), names.tag),
        },
        {
          key: 'state',
          head: 'State',
          tight: true,
          cell: (row) => (
            <>
              {definitionStateWords[row.state]}
              <span className="access-sub">version {row.version}</span>
            </>
          ),
        },
        { key: 'quality', head: 'Quality', tight: true, cell: (row) => (row.qualityCritical ? 'critical' : '') },
      ]}
    />
  )
}

/** Alarms that machines raise and that nobody has rationalised. */
function Unmapped(): ReactElement | null {
  const timeZone = usePlantZone()
  const { data } = useQuery(ask(listUnmappedAlarmSources, {}))
  if (data === undefined || data.sources.length === 0) return null
  return (
    <section aria-labelledby="alarm-unmapped">
      <h2 id="alarm-unmapped">Raised elsewhere, without a definition here</h2>
      <p>
        Draft an alarm of the kind “Raised elsewhere” with the source as it stands here, and it is shown to operators.
      </p>
      <DataTable
        caption="Sources without a definition"
        rows={data.sources}
        rowKey={(row) => row.source}
        columns={[
          { key: 'source', head: 'Source', cell: (row) => row.source },
          { key: 'count', head: 'Times', align: 'right', tight: true, cell: (row) => row.count },
          { key: 'last', head: 'Last', tight: true, cell: (row) => formatInstant(row.lastAt, 'record', timeZone) },
        ]}
      />
      {data.beyond === 0 ? null : <p className="tl-dim">{data.beyond} more came from sources that are not named.</p>}
    </section>
  )
}
