import { type HttpAnswer, jsonAnswer } from '../http.ts';

const exceptions = {
  notFound: 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  duplicate: 'Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException',
  addressTaken: 'Microsoft.Exchange.Management.RecipientTasks.ProxyAddressExistsException',
  already: 'Microsoft.Exchange.Management.RecipientTasks.MemberAlreadyExistsException',
  notMember: 'Microsoft.Exchange.Management.RecipientTasks.MemberNotFoundException',
  parameter: 'System.Management.Automation.ParameterBindingException',
  value: 'Microsoft.Exchange.Configuration.Tasks.TaskArgumentException',
} as const;

/** What the gateway refuses a cmdlet with: a general message, and the reason in its details. */
export class CmdletRefusal extends Error {
  readonly reason: keyof typeof exceptions;

  constructor(reason: keyof typeof exceptions, text: string) {
    super(text);
    this.reason = reason;
  }

  answer(): HttpAnswer {
    const missing = this.reason === 'notFound';
    return jsonAnswer(missing ? 404 : 400, {
      error: {
        code: missing ? 'NotFound' : 'BadRequest',
        message: 'Error executing cmdlet',
        details: [
          { code: 'Context', target: '', message: `Ex${this.#id()}|${exceptions[this.reason]}|${this.message}` },
        ],
        innererror: {
          message: 'Error executing cmdlet',
          type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
        },
      },
    });
  }

  /** The same for the same cause, as the real one's hash of where it was raised. */
  #id(): string {
    return [...this.reason]
      .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffff, 7)
      .toString(16)
      .toUpperCase()
      .padStart(6, '0');
  }
}
