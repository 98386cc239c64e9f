import type { ReactElement } from 'react'
import { SecretInput } from './SecretInput.tsx'

const shortestPassword = 12

/** A password that is being chosen, twice. */
export interface NewPassword {
  readonly password: string
  readonly again: string
}

export const noPassword: NewPassword = { password: '', again: '' }

/** What is wrong with it as far as the page can tell; the server knows more rules. */
export function problemOf({ password, again }: NewPassword): { password?: string; again?: string } {
  if ([...password].length < shortestPassword) return { password: `Use at least ${shortestPassword} characters.` }
  return password === again ? {} : { again: 'The two differ.' }
}

interface NewPasswordFieldsProps {
  readonly label: string
  readonly value: NewPassword
  /** Whether what is wrong is said yet. */
  readonly told: boolean
  readonly onChange: (value: NewPassword) => void
}

/** Two fields for a new password. */
export function NewPasswordFields({ label, value, told, onChange }: NewPasswordFieldsProps): ReactElement {
  const problem = told ? problemOf(value) : {}
  return (
    <>
      <SecretInput
        label={label}
        description={`At least ${shortestPassword} characters, any you like: a few words that do not belong together.`}
        autoComplete="new-password"
        value={value.password}
        error={problem.password}
        onChange={(password) => onChange({ ...value, password })}
      />
      <SecretInput
        label="The same again"
        autoComplete="new-password"
        value={value.again}
        error={problem.again}
        onChange={(again) => onChange({ ...value, again })}
      />
    </>
  )
}
