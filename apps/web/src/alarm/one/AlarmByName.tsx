import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listAlarmDefinitions } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'

/** An alarm's name, as a link to its page for whoever may see it. */
export function AlarmByName({ name }: { readonly name: string }): ReactElement {
  const mayNot = useDenial()('alarm.read', 'see alarms')
  const { data } = useQuery({
    ...ask(listAlarmDefinitions, { name }),
    enabled: mayNot === undefined,
    staleTime: 60_000,
  })
  const version = data?.find(({ state }) => state === 'released') ?? data?.[0]
  if (version === undefined) return <>{name}</>
  return (
    <Link to="/alarms/$definitionId" params={{ definitionId: version.id }}>
      {name}
    </Link>
  )
}
