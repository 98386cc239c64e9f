import { Delete } from 'lucide-react'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useRef } from 'react'

interface PinPadProps {
  readonly pin: string
  readonly busy: boolean
  readonly onChange: (pin: string) => void
  readonly onEnter: () => void
}

const longest = 12
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** A PIN by touch or keyboard; what is typed is never shown. */
export function PinPad({ pin, busy, onChange, onEnter }: PinPadProps): ReactElement {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    onEnter()
  }
  const press = (digit: string) => () => onChange(`${pin}${digit}`.slice(0, longest))

  return (
    <form className="pin-pad" onSubmit={onSubmit}>
      <label className="pin-label">
        PIN
        <input
          ref={input}
          className="pin-input"
          type="password"
          inputMode="none"
          autoComplete="off"
          maxLength={longest}
          value={pin}
          onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, ''))}
        />
      </label>
      <div className="pin-keys">
        {digits.map((digit) => (
          <button key={digit} type="button" className="pin-key" onClick={press(digit)}>
            {digit}
          </button>
        ))}
        <button
          type="button"
          className="pin-key"
          aria-label="Delete the last digit"
          onClick={() => onChange(pin.slice(0, -1))}
        >
          <Delete size={30} aria-hidden="true" />
        </button>
        <button type="button" className="pin-key" onClick={press('0')}>
          0
        </button>
        <button type="submit" className="pin-key pin-enter" disabled={busy}>
          Enter
        </button>
      </div>
    </form>
  )
}
