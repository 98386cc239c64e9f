import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { activatePerson } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import { NewPasswordFields, noPassword, problemOf } from '../credential/NewPasswordFields.tsx'
import '../session/session.css'

/** Sets the password with the one-time link; its token stands after `#`, so it never reaches a log. */
export function ActivateScreen(): ReactElement {
  const token = useLocation({ select: (location) => location.hash })
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(noPassword)
  const [told, setTold] = useState(false)
  const activate = useMutation({
    mutationFn: () => client(activatePerson, { token, password: chosen.password }),
    onSuccess: ({ name }) => navigate({ to: '/sign-in', search: { name, fresh: true }, replace: true }),
  })
  useEffect(() => {
    document.title = 'Set your password · Throughline'
  }, [])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setTold(true)
    if (Object.keys(problemOf(chosen)).length === 0) activate.mutate()
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
        <NewPasswordFields label="Password" value={chosen} told={told} onChange={setChosen} />
        <Button type="submit" loading={activate.isPending} disabled={token === ''}>
          Set password
        </Button>
      </form>
    </main>
  )
}
