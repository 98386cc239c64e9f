import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { openSession } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useState } from 'react'
import { client } from '../../door/client.ts'
import { sessionQuery } from '../../door/queries.ts'
import './session.css'

const route = getRouteApi('/sign-in')

/** Name and password; then back to where the person wanted to be. */
export function SignInScreen(): ReactElement {
  const { to, ended, name: known = '' } = route.useSearch()
  const router = useRouter()
  const queryClient = useQueryClient()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => client(openSession, { name: name.trim(), password }),
    onSuccess: (session) => {
      queryClient.clear()
      queryClient.setQueryData(sessionQuery.queryKey, session)
      router.history.push(to ?? '/')
    },
    onError: () => setPassword(''),
  })
  useEffect(() => {
    document.title = 'Sign in · Throughline'
  }, [])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    signIn.mutate()
  }

  return (
    <main className="door">
      <form className="door-form" onSubmit={onSubmit}>
        <p className="door-product">Throughline</p>
        <h1>Sign in</h1>
        {ended === true && !signIn.isError ? (
          <p role="status">Your session has ended. Sign in to go on where you were.</p>
        ) : null}
        {signIn.isError ? <ProblemNotice what="You are not signed in" error={signIn.error} /> : null}
        <TextInput
          label="Name"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={signIn.isPending}>
          Sign in
        </Button>
        <p className="door-note">No account yet? An administrator invites you with a one-time link.</p>
      </form>
    </main>
  )
}
