import { NumberInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Role, SignInPolicy } from '@throughline/model'
import { changeSignInPolicy, getSignInPolicy, roles } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from '../access/AccessTabs.tsx'
import { GuardedButton } from '../access/GuardedButton.tsx'
import { useDenial } from '../access/may.ts'
import { ReasonDialog } from '../access/ReasonDialog.tsx'
import './credential.css'

const minuteMs = 60_000
const personRoles = roles.filter((role) => role !== 'edge-agent')

/** The rules for signing in, and their change. */
export function SignInRulesScreen(): ReactElement {
  const timeZone = usePlantZone()
  const rules = useQuery(ask(getSignInPolicy, {}))
  const policy = rules.data
  return (
    <>
      <ScreenHead
        title="Sign-in rules"
        answer={
          policy === undefined
            ? undefined
            : policy.changedAt === null
              ? 'As delivered; nobody has changed them'
              : `Version ${policy.version}, in force since ${formatInstant(policy.changedAt, 'record', timeZone)}`
        }
      />
      <AccessTabs />
      {rules.isError ? <ProblemNotice what="The rules could not be read" error={rules.error} /> : null}
      {policy === undefined ? null : (
        <RulesForm key={policy.version} policy={policy} onChanged={() => rules.refetch()} />
      )}
    </>
  )
}

interface RulesFormProps {
  readonly policy: SignInPolicy
  readonly onChanged: () => Promise<unknown>
}

function RulesForm({ policy, onChanged }: RulesFormProps): ReactElement {
  const denial = useDenial()
  const [needing, setNeeding] = useState<readonly Role[]>(policy.secondFactorRoles)
  const [maxSessions, setMaxSessions] = useState(policy.maxSessions)
  const [idleMin, setIdleMin] = useState(minutesOf(policy.idleTimeoutMs))
  const [absoluteMin, setAbsoluteMin] = useState(minutesOf(policy.absoluteTimeoutMs))
  const [isAsking, setAsking] = useState(false)
  const mayNot = denial('identity.sign-in-policy.write', 'change the rules for signing in')

  const change = async (reason: string): Promise<void> => {
    await client(changeSignInPolicy, {
      basedOn: policy.version,
      secondFactorRoles: [...needing],
      maxSessions,
      idleTimeoutMs: msOf(idleMin),
      absoluteTimeoutMs: msOf(absoluteMin),
      reason,
    })
    await onChanged()
  }

  return (
    <div className="me-card rules-card">
      <fieldset className="rules-roles">
        <legend>Roles that need a second factor</legend>
        <p className="tl-dim">
          Until people of these roles have one, they can do nothing but enrol it. It holds at once.
        </p>
        {personRoles.map((role) => (
          <label key={role} className="rules-role">
            <input
              type="checkbox"
              checked={needing.includes(role)}
              disabled={mayNot !== undefined}
              onChange={(event) =>
                setNeeding(event.currentTarget.checked ? [...needing, role] : needing.filter((each) => each !== role))
              }
            />
            {role}
          </label>
        ))}
      </fieldset>
      <div className="rules-numbers">
        <NumberInput
          label="Sessions of one person at a time"
          min={1}
          max={50}
          allowDecimal={false}
          hideControls
          value={maxSessions}
          disabled={mayNot !== undefined}
          onChange={(value) => setMaxSessions(Number(value))}
        />
        <NumberInput
          label="A session ends unused after, minutes"
          description="Empty: as the server is set up. Never longer than that."
          min={1}
          max={1440}
          allowDecimal={false}
          hideControls
          value={idleMin}
          disabled={mayNot !== undefined}
          onChange={(value) => setIdleMin(value === '' ? '' : Number(value))}
        />
        <NumberInput
          label="A session ends in any case after, minutes"
          description="Empty: as the server is set up. Never longer than that."
          min={10}
          max={10_080}
          allowDecimal={false}
          hideControls
          value={absoluteMin}
          disabled={mayNot !== undefined}
          onChange={(value) => setAbsoluteMin(value === '' ? '' : Number(value))}
        />
      </div>
      <div className="proof-actions">
        <GuardedButton told reason={mayNot} onClick={() => setAsking(true)}>
          Change the rules
        </GuardedButton>
      </div>
      {isAsking ? (
        <ReasonDialog
          title="Change the rules for signing in"
          confirm="Change"
          failure="The rules were not changed"
          onConfirm={change}
          onClose={() => setAsking(false)}
        >
          <p>They become version {policy.version + 1} and are in force at once.</p>
        </ReasonDialog>
      ) : null}
    </div>
  )
}

const minutesOf = (ms: number | null): number | '' => (ms === null ? '' : ms / minuteMs)
const msOf = (minutes: number | ''): number | null => (minutes === '' ? null : minutes * minuteMs)
