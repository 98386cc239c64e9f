import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AlarmDefinition } from '@throughline/model'
import { alarmDefinitionSignatures, listAlarmDefinitions, listAlarms, retireAlarmDefinition } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { RecordSignatures } from '../../identity/signature/RecordSignatures.tsx'
import { useSigning } from '../../identity/signature/use-signing.tsx'
import { useTopic } from '../../live/topic-hooks.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { definitionStateWords } from '../alarm-words.ts'
import { DefinitionFacts } from './DefinitionFacts.tsx'
import { DefinitionForm } from './DefinitionForm.tsx'
import { differencesOf } from './definition-facts.ts'
import { useDefinitionNames } from './use-names.ts'

const route = getRouteApi('/app/alarm-definitions/$name')

/** One alarm of the master alarm database: its versions, who stands for them, and what each one changed. */
export function DefinitionScreen(): ReactElement {
  const { name } = route.useParams()
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const queryClient = useQueryClient()
  useTopic('alarm', [[listAlarmDefinitions.name]])
  const { data, error } = useQuery(ask(listAlarmDefinitions, { name }))
  const [task, setTask] = useState<'draft' | 'retire' | undefined>(undefined)
  const versions = (data ?? []).toSorted((a, b) => b.version - a.version)
  const [newest] = versions
  const released = versions.find(({ state }) => state === 'released')
  return (
    <>
      <ScreenHead
        above={<Link to="/alarm-definitions">Master alarm database</Link>}
        title={name}
        answer={
          newest === undefined ? undefined : (
            <>
              <AlarmMark priority={newest.priority as AlarmPriority} />
              <span>{newest.message}</span>
              <strong>
                {definitionStateWords[newest.state]}, version {newest.version}
              </strong>
            </>
          )
        }
        actions={
          newest === undefined ? null : (
            <>
              <GuardedButton reason={denial('alarm.definition.write', 'draft alarms')} onClick={() => setTask('draft')}>
                {newest.state === 'draft' ? 'Change the draft' : 'Draft the next version'}
              </GuardedButton>
              {released === undefined ? null : (
                <GuardedButton
                  variant="default"
                  reason={denial('alarm.definition.release', 'retire alarms')}
                  onClick={() => setTask('retire')}
                >
                  Retire
                </GuardedButton>
              )}
            </>
          )
        }
      />
      <AlarmTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The definition could not be read" error={error} />}
        {data !== undefined && newest === undefined ? (
          <EmptyState
            title={`No alarm is named ${name}`}
            reason="It may lie outside your scopes."
            action={<Link to="/alarm-definitions">Go to the master alarm database</Link>}
          />
        ) : null}
        {released === undefined ? null : (
          <p>
            <Link to="/alarms/$definitionId" params={{ definitionId: released.id }}>
              Where this alarm stands, its trend and its history
            </Link>
          </p>
        )}
        {versions.map((version, index) => (
          <Version
            key={version.id}
            version={version}
            before={versions[index + 1]}
            open={index === 0}
            name={name}
            tree={tree}
          />
        ))}
      </div>
      {task === 'draft' && newest !== undefined ? (
        <DefinitionForm before={newest} nodes={nodes} onClose={() => setTask(undefined)} onDrafted={() => {}} />
      ) : null}
      {task === 'retire' && released !== undefined ? (
        <ReasonDialog
          title={`Retire ${name}`}
          confirm="Retire"
          failure="The alarm was not retired"
          onClose={() => setTask(undefined)}
          onConfirm={async (reason) => {
            await client(retireAlarmDefinition, { definitionId: released.id, reason })
            await queryClient.invalidateQueries({ queryKey: [listAlarmDefinitions.name] })
            await queryClient.invalidateQueries({ queryKey: [listAlarms.name] })
          }}
        >
          <p>The alarm is out of use for good: nothing raises it any more. Its history stays.</p>
        </ReasonDialog>
      ) : null}
    </>
  )
}

interface VersionProps {
  readonly version: AlarmDefinition
  readonly before: AlarmDefinition | undefined
  readonly open: boolean
  readonly name: string
  readonly tree: PlantTree
}

function Version({ version, before, open, name, tree }: VersionProps): ReactElement {
  const names = useDefinitionNames(tree)
  const timeZone = tree.timeZoneOf(version.nodeId)
  const differences = before === undefined ? [] : differencesOf(before, version, names)
  const content = (
    <div className="alarm-version">
      {before === undefined ? null : (
        <div className="alarm-diff">
          <h3>What it changed from version {before.version}</h3>
          {differences.length === 0 ? <p className="tl-dim">Nothing that is released with it.</p> : null}
          <dl className="stop-facts">
            {differences.map((difference) => (
              <div key={difference.head} className="alarm-fact">
                <dt>{difference.head}</dt>
                <dd>
                  was <del>{difference.before}</del>, is now <ins>{difference.after}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <DefinitionFacts definition={version} tree={tree} timeZone={timeZone} />
      <p>
        <RecordTrailLink kind={alarmDefinitionSignatures.record} id={version.id} />
      </p>
      <Signatures version={version} name={name} />
    </div>
  )
  return (
    <section className="performance-panel" aria-label={`Version ${version.version}`}>
      {open ? (
        <>
          <h2>Version {version.version}</h2>
          {content}
        </>
      ) : (
        <OlderVersion version={version}>{content}</OlderVersion>
      )}
    </section>
  )
}

/** Read only when it is opened: every version asks for its own signatures. */
function OlderVersion({ version, children }: { readonly version: AlarmDefinition; readonly children: ReactElement }) {
  const [open, setOpen] = useState(false)
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Version {version.version}, {definitionStateWords[version.state].toLowerCase()}: {version.changeReason}
      </summary>
      {open ? children : null}
    </details>
  )
}

function Signatures({ version, name }: { readonly version: AlarmDefinition; readonly name: string }): ReactElement {
  const signing = useSigning(
    { kind: alarmDefinitionSignatures.record, id: version.id },
    { shows: [ask(listAlarmDefinitions, { name })] },
  )
  return <RecordSignatures signing={signing} isInForce={version.state !== 'draft'} />
}
