import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useRouteContext, useRouter } from '@tanstack/react-router'
import type { RoleGrant } from '@throughline/model'
import { getOwnCredentials } from '@throughline/model'
import { DataTable, formatDuration, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask, nodesQuery, sessionQuery } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { Density } from '../../shell/preferences.ts'
import { chooseDensity, readDensity } from '../../shell/preferences.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { PinSection } from '../badge/PinSection.tsx'
import { PasskeySection } from '../credential/PasskeySection.tsx'
import { PasswordSection } from '../credential/PasswordSection.tsx'
import { TotpSection } from '../credential/TotpSection.tsx'
import { signOutEverywhere } from '../single-sign-on/sign-out.ts'
import './session.css'
import { useSignOut } from './use-sign-out.ts'

const densityChoices: { value: Density; label: string }[] = [
  { value: 'office', label: 'Office' },
  { value: 'control', label: 'Control room' },
  { value: 'floor', label: 'Floor' },
]

/** What the person signs in with. */
function Credentials(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const router = useRouter()
  const queryClient = useQueryClient()
  const own = useQuery(ask(getOwnCredentials, {}))
  const onChanged = async (): Promise<void> => {
    await own.refetch()
    // Rights may have come with the second factor: the whole page asks anew.
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    await router.invalidate()
  }
  if (own.isError) return <ProblemNotice what="What you sign in with could not be read" error={own.error} />
  if (own.data === undefined) return <div className="credentials-pending" aria-busy="true" />
  return (
    <>
      {session.secondFactorMissing ? (
        <p className="screen-note" role="status">
          Your role needs a second factor. Set up an authenticator app or add a passkey; until then you can do nothing
          else here.
        </p>
      ) : null}
      <PasswordSection hasPassword={own.data.hasPassword} />
      <TotpSection totp={own.data.totp} onChanged={onChanged} />
      <PasskeySection onChanged={onChanged} />
      <PinSection />
    </>
  )
}

/** Who is signed in, what they may do where, and how the page looks for them. */
export function SessionScreen(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [density, setDensity] = useState(readDensity)
  const nodes = useQuery(nodesQuery)
  const timeZone = usePlantZone()
  const signOut = useSignOut(signOutEverywhere)
  const where = (grant: RoleGrant): string =>
    grant.nodeId === null
      ? 'the whole plant'
      : (nodes.data?.find((node) => node.id === grant.nodeId)?.path ?? 'equipment you cannot see')

  return (
    <>
      <ScreenHead
        title={session.printedName}
        answer={`Signed in as ${session.name}`}
        actions={
          <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        }
      />
      <div className="me">
        {signOut.isError ? <ProblemNotice what="You are still signed in" error={signOut.error} /> : null}
        <Credentials />
        <section aria-labelledby="me-look">
          <h2 id="me-look">How this device shows the plant</h2>
          <div className="choices">
            <fieldset>
              <legend>Theme</legend>
              <SegmentedControl
                aria-label="Theme"
                data={[
                  { value: 'light', label: 'Light' },
                  { value: 'dark', label: 'Dark' },
                  { value: 'auto', label: 'As the system' },
                ]}
                value={colorScheme}
                onChange={(value) => setColorScheme(value as typeof colorScheme)}
              />
            </fieldset>
            <fieldset>
              <legend>Density</legend>
              <SegmentedControl
                aria-label="Density"
                data={densityChoices}
                value={density}
                onChange={(value) => {
                  const chosen = value as Density
                  setDensity(chosen)
                  chooseDensity(chosen)
                }}
              />
            </fieldset>
          </div>
        </section>
        <section aria-labelledby="me-session">
          <h2 id="me-session">Session</h2>
          <dl className="facts">
            <dt>Signed in by</dt>
            <dd>{session.method ?? 'not known'}</dd>
            <dt>Opened</dt>
            <dd>{formatInstant(session.openedAt, 'record', timeZone)}</dd>
            <dt>Ends at the latest</dt>
            <dd>{formatInstant(session.absoluteEndAt, 'record', timeZone)}</dd>
            <dt>Ends when unused for</dt>
            <dd>{formatDuration(session.idleTimeoutMs)}</dd>
          </dl>
          <p>
            <Link to="/sessions">Where you are signed in</Link>
          </p>
        </section>
        <section aria-labelledby="me-roles">
          <h2 id="me-roles">Roles</h2>
          <DataTable
            caption="Roles and their scopes"
            rows={session.grants}
            rowKey={(grant) => `${grant.role} ${grant.nodeId}`}
            columns={[
              { key: 'role', head: 'Role', cell: (grant) => grant.role },
              { key: 'scope', head: 'Scope', cell: where },
            ]}
          />
        </section>
        <section aria-labelledby="me-permissions">
          <h2 id="me-permissions">Permissions</h2>
          <details>
            <summary>{session.permissions.length} permissions, by the names that administrators use</summary>
            <ul className="permissions">
              {session.permissions.map((permission) => (
                <li key={permission}>{permission}</li>
              ))}
            </ul>
          </details>
        </section>
      </div>
    </>
  )
}
