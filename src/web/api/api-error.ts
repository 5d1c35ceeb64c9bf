import { AppError, type ErrorBody } from '../../model/errors.js'

/** An error answer of the server, or the lack of any answer (`network`). `id` leads to the line of the server's log. */
export class ApiError extends AppError {
  readonly id: string | undefined
  readonly status: number

  constructor(body: Omit<ErrorBody, 'id'> & { id?: string | undefined }, status: number, cause?: unknown) {
    super(body.code, body.message, { hint: body.hint, fields: body.fields, cause })
    this.id = body.id
    this.status = status
  }

  /** No answer came at all: the server is away or the network is. */
  get network(): boolean {
    return this.status === 0
  }
}
