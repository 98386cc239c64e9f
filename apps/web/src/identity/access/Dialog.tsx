import { Modal } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import './access.css'

interface DialogProps {
  readonly title: string
  readonly size?: 'md' | 'lg'
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A dialog with its title and a way out. The head is no `header`: beside the page's own, that would be a second banner. */
export function Dialog({ title, size = 'md', onClose, children }: DialogProps): ReactElement {
  return (
    <Modal opened size={size} withCloseButton={false} onClose={onClose}>
      <div className="dialog-head">
        <Modal.Title>{title}</Modal.Title>
        <Modal.CloseButton aria-label="Close" />
      </div>
      {children}
    </Modal>
  )
}
