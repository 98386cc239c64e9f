import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getInstruction } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'

/** The version of the work instruction that an operation follows: it keeps it, whatever is released later. */
export function RunInstruction({ instructionId }: { readonly instructionId: string }): ReactElement {
  const { data } = useQuery({
    ...ask(getInstruction, { instructionId }),
    // Of a version that orders follow, only its state changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (data === undefined) return <span aria-busy="true">—</span>
  const { code, version } = data
  return (
    <Link to="/instructions/$code" params={{ code }} search={{ version }}>
      {code}, version {version}
    </Link>
  )
}
