import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'

/** What was found, the numbers of deviations as links to them. */
export function LinkedDetail({ detail }: { readonly detail: string }): ReactElement {
  return (
    <>
      {detail.split(/(\bDEV-\d{4,}\b)/).map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <Link key={part} to="/deviations/$code" params={{ code: part }}>
            {part}
          </Link>
        ),
      )}
    </>
  )
}
