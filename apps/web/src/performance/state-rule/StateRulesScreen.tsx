import { useQuery } from '@tanstack/react-query'
import type { StateRule } from '@throughline/model'
import { listStateRules } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { byClass, countersText, cycleText, secondsText, signalText } from './rule-words.ts'
import { StateRuleForm } from './StateRuleForm.tsx'

/** How the state of a machine follows from its tags, class by class. */
export function StateRulesScreen(): ReactElement {
  const denial = useDenial()
  const { data, error } = useQuery(ask(listStateRules, {}))
  const [editing, setEditing] = useState<StateRule | 'new' | undefined>(undefined)
  const mayNot = denial('performance.model.write', 'change state rules')
  const rules = byClass(data ?? [])
  return (
    <>
      <ScreenHead
        title="State rules"
        answer={
          data === undefined
            ? undefined
            : `${rules.length} equipment ${rules.length === 1 ? 'class has' : 'classes have'} a rule`
        }
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Set a rule
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The state rules could not be read" error={error} />}
        {data !== undefined && rules.length === 0 ? (
          <EmptyState title="No rules yet" reason="Without a rule for its class a machine tells no state." />
        ) : null}
        {rules.map(({ newest, older }) => (
          <section key={newest.id} className="performance-panel" aria-labelledby={`rule-${newest.id}`}>
            <div className="performance-panel-head">
              <h2 id={`rule-${newest.id}`}>{newest.className}</h2>
              <span className="form-line">
                <RecordTrailLink kind="performance.state_rule" id={newest.id} />
                <GuardedButton
                  variant="default"
                  reason={mayNot}
                  aria-label={`Set the next version for ${newest.className}`}
                  onClick={() => setEditing(newest)}
                >
                  Set the next version
                </GuardedButton>
              </span>
            </div>
            <Version rule={newest} />
            {older.length === 0 ? null : (
              <details>
                <summary>
                  {older.length} older {older.length === 1 ? 'version' : 'versions'}
                </summary>
                {older.map((rule) => (
                  <div key={rule.id} className="strip-detail">
                    <Version rule={rule} />
                  </div>
                ))}
              </details>
            )}
          </section>
        ))}
        {editing === undefined ? null : (
          <StateRuleForm before={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
        )}
      </div>
    </>
  )
}

function Version({ rule }: { readonly rule: StateRule }): ReactElement {
  const timeZone = usePlantZone()
  const from =
    rule.effectiveFrom === 0 ? 'from the beginning' : `from ${formatInstant(rule.effectiveFrom, 'record', timeZone)}`
  const facts: readonly (readonly [string, string])[] = [
    ['State', signalText(rule.signal)],
    ['Counts', countersText(rule)],
    [
      'Ideal cycle',
      rule.idealCycleSeconds === null ? '— (by product standard only)' : cycleText(rule.idealCycleSeconds),
    ],
    ['Minor stop', `shorter than ${secondsText(rule.minorStopSeconds)}`],
    ['No data', `after ${secondsText(rule.silenceSeconds)} without any reading`],
    ['Reason of a stop', rule.reasonTag ?? '— (told by people)'],
    ['Order, product', `${rule.orderTag ?? '—'}, ${rule.productTag ?? '—'}`],
  ]
  return (
    <>
      <p className="tl-dim">
        Version {rule.version}, {from}. By {rule.recordedBy}: {rule.reason}
      </p>
      <dl className="stop-facts">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
