import type { ButtonProps } from '@mantine/core'
import { Button } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { useId } from 'react'

interface GuardedButtonProps extends ButtonProps {
  /** Why it cannot be used now and whom to ask; undefined = it can. */
  readonly reason: string | undefined
  /** Whether the reason stands beside the button, for the main action of a screen. */
  readonly told?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
  readonly 'aria-label'?: string
}

/** A button that stays in reach when it may not be used, so that its reason can be read by keyboard too. */
export function GuardedButton({ reason, told = false, onClick, children, ...props }: GuardedButtonProps): ReactElement {
  const id = useId()
  if (reason === undefined) {
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    )
  }
  const described = told ? { 'aria-describedby': id } : {}
  const button = (
    <Button {...props} variant="default" data-disabled aria-disabled="true" title={reason} {...described}>
      {children}
      {told ? null : <span className="tl-hidden">. {reason}</span>}
    </Button>
  )
  if (!told) return button
  return (
    <span className="action-reason">
      <span id={id}>{reason}</span>
      {button}
    </span>
  )
}
