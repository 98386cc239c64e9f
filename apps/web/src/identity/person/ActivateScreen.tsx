import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { activatePerson } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import '../session/session.css'

const shortest = 12

/** Sets the password with the one-time link; its token stands after `#`, so it never reaches a log. */
export function ActivateScreen(): ReactElement {
  const token = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [missing, setMissing] = useState<string | undefined>(undefined)
  const activate = useMutation({
    mutationFn: () => client(activatePerson, { token, password }),
    onSuccess: ({ name }) => navigate({ to: '/sign-in', search: { name }, replace: true }),
  })
  useEffect(() => {
    document.title = 'Set your password · Throughline'
  }, [])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const problem =
      password.length < shortest
        ? `Use at least ${shortest} characters.`
        : password === again
          ? undefined
          : 'The two differ.'
    setMissing(problem)
    if (problem === undefined) activate.mutate()
  }

  return (
    <main className="door">
      <form className="door-form" onSubmit={onSubmit}>
        <p className="door-product">Throughline</p>
        <h1>Set your password</h1>
        {token === '' ? (
          <p role="alert">
            This link is not whole: the part after “#” is missing. Copy all of it from the invitation, or{' '}
            <Link to="/sign-in">sign in</Link> if you have a password.
          </p>
        ) : null}
        {activate.isError ? <ProblemNotice what="The password was not set" error={activate.error} /> : null}
        <PasswordInput
          label="Password"
          description={`At least ${shortest} characters; any characters. The link works once.`}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label="The same again"
          autoComplete="new-password"
          value={again}
          error={missing}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" loading={activate.isPending} disabled={token === ''}>
          Set password
        </Button>
      </form>
    </main>
  )
}
