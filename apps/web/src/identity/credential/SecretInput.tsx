import { PasswordInput } from '@mantine/core'
import type { KeyboardEvent, ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import './credential.css'

interface SecretInputProps {
  readonly label: string
  readonly description?: string
  readonly autoComplete: 'current-password' | 'new-password'
  readonly value: string
  readonly error?: ReactNode
  readonly onChange: (value: string) => void
  readonly autoFocus?: boolean
}

/** A password, with a word when the caps lock is on. */
export function SecretInput({ label, value, error, onChange, autoFocus, ...rest }: SecretInputProps): ReactElement {
  const [isCapsOn, setCapsOn] = useState(false)
  const look = (event: KeyboardEvent): void => setCapsOn(event.getModifierState('CapsLock'))
  return (
    <div className="secret-input">
      <PasswordInput
        {...rest}
        label={label}
        value={value}
        error={error}
        maxLength={256}
        data-autofocus={autoFocus}
        visibilityToggleButtonProps={{ 'aria-label': 'Show as text' }}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={look}
        onKeyUp={look}
        onBlur={() => setCapsOn(false)}
      />
      <p className="caps-note" role="status">
        {isCapsOn ? 'Caps lock is on.' : ''}
      </p>
    </div>
  )
}
