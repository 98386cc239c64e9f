import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { listSignInProviders } from '@throughline/model'
import { LogIn } from 'lucide-react'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { refusalText } from './refusals.ts'
import './single-sign-on.css'

interface OtherWaysProps {
  /** Where the person wanted to be. */
  readonly to: string | undefined
  /** Why a provider's answer was refused a moment ago; its code. */
  readonly refused: string | undefined
}

/** Providers that say who somebody is, beside name and password; nothing where there are none. */
export function OtherWays({ to, refused }: OtherWaysProps): ReactElement | null {
  const providers = useQuery({ ...ask(listSignInProviders, {}), staleTime: Number.POSITIVE_INFINITY })
  const query = to === undefined ? '' : `?${new URLSearchParams({ to })}`
  const listed = providers.data ?? []
  if (listed.length === 0 && refused === undefined) return null
  return (
    <div className="other-ways">
      {refused === undefined ? null : (
        <div className="tl-notice" role="alert">
          <p className="tl-notice-title">You are not signed in</p>
          <p>{refusalText(refused)}</p>
        </div>
      )}
      {listed.length === 0 ? null : <p className="other-ways-or">or</p>}
      {listed.map(({ name, label, path }) => (
        <Button
          key={name}
          component="a"
          href={`${path}${query}`}
          variant="default"
          leftSection={<LogIn size={18} aria-hidden="true" />}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}
