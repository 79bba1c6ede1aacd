import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mappedValues, sampleView, takingEverything } from '../../../test/rules/sample-views.ts';
import { compileRules } from '../../rules/index.ts';
import { checkConfiguration, type ImportedConfiguration, importConfiguration, UnknownExportError } from '../index.ts';
import { readXml, XmlProblem } from './xml.ts';

const ad = '{ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d}';
const cloud = '{b891884f-051e-4a83-95af-2544101c9083}';

const connector = `<ma-data>
  <id>{AE4DB4CC-B16B-4EB2-ACF5-837CA84E4D7D}</id><name>contoso.test</name><category>AD</category>
  <private-configuration><adma-configuration>
    <forest-name>contoso.test</forest-name><forest-login-domain>contoso.test</forest-login-domain>
    <forest-login-user>MSOL_1</forest-login-user>
    <parameter-values><parameter name="Connector.GroupFilteringGroupDn" type="string" /></parameter-values>
  </adma-configuration></private-configuration>
  <ma-partition-data>
    <partition><name>DC=contoso,DC=test</name><selected>1</selected><filter><containers>
      <exclusions><exclusion>DC=contoso,DC=test</exclusion><exclusion>OU=Temp,OU=Staff,DC=contoso,DC=test</exclusion></exclusions>
      <inclusions><inclusion>OU=Staff,DC=contoso,DC=test</inclusion></inclusions>
    </containers></filter></partition>
    <partition><name>CN=Configuration,DC=contoso,DC=test</name><selected>1</selected></partition>
  </ma-partition-data>
</ma-data>`;
const cloudConnector = `<ma-data><id>{B891884F-051E-4A83-95AF-2544101C9083}</id><name>contoso.onmicrosoft.com - AAD</name>
  <category>Extensible2</category><subtype>Windows Azure Active Directory (Microsoft)</subtype></ma-data>`;

interface Rule {
  readonly name: string;
  readonly direction?: string;
  readonly connector?: string;
  readonly types?: readonly [string, string];
  readonly tag?: string;
  readonly disabled?: boolean;
  readonly precedence?: number;
  readonly scope?: string;
  readonly joins?: string;
  readonly mappings: string;
}

const rule = ({
  name,
  direction = 'Inbound',
  connector = ad,
  types = ['user', 'person'],
  tag = '',
  disabled = false,
  precedence = 50,
  scope = '',
  joins = '',
  mappings,
}: Rule): string =>
  `<synchronizationRule><name>${name}</name><immutable-tag>${tag}</immutable-tag><direction>${direction}</direction>
  <disabled>${disabled ? 'True' : 'False'}</disabled><connector>${connector}</connector><sourceObjectType>${types[0]}</sourceObjectType>
  <targetObjectType>${types[1]}</targetObjectType><linkType>Join</linkType><precedence>${precedence}</precedence>
  <attribute-mappings>${mappings}</attribute-mappings><relationshipCriteria>${joins}</relationshipCriteria>
  <synchronizationCriteria>${scope}</synchronizationCriteria></synchronizationRule>`;

const flow = (destination: string, source: string, attributes = ''): string =>
  `<mapping${attributes}><dest>${destination}</dest>${source}<valueMergeType>Update</valueMergeType></mapping>`;
const attribute = (name: string): string => `<src><attr>${name}</attr></src>`;
const expression = (text: string): string =>
  `<src><attr>x</attr></src><expression>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</expression>`;
const clause = (name: string, operator: string, value: string): string =>
  `<scope><csAttribute>${name}</csAttribute><csOperator>${operator}</csOperator><csValue>${value}</csValue></scope>`;

const imported = (...rules: readonly string[]): ImportedConfiguration =>
  importConfiguration([connector, cloudConnector, ...rules].map((text, i) => ({ name: `${i}.xml`, text })));

function rulesOf({ document }: ImportedConfiguration) {
  const checked = checkConfiguration('imported.json', JSON.stringify(document));
  if (checked.document === undefined) throw checked.errors[0];
  return compileRules(checked.document, takingEverything(['userType']));
}

const outcomes = ({ report }: ImportedConfiguration): readonly string[] =>
  report.map(({ outcome, item }) => `${outcome} ${item}`);

const user = (attributes: Readonly<Record<string, readonly string[]>>) => {
  const view = sampleView(
    'user',
    { cn: ['Amy'], sAMAccountName: ['amy'], ...attributes },
    { dn: 'CN=Amy,OU=Staff,DC=contoso,DC=test' },
  );
  return { ...view, domain: { ...view.domain, forest: 'contoso.test' } };
};

describe('an export of a Connect server', () => {
  test('becomes a document that can be checked', () => {
    const { document } = imported();
    expect(document).toMatchObject({
      tenant: { id: 'contoso.onmicrosoft.com', target: 'syncApi' },
      forests: [
        {
          name: 'contoso.test',
          domains: [
            { name: 'contoso.test', bind: { user: 'MSOL_1@contoso.test', password: { vault: 'contoso.test' } } },
          ],
          scope: {
            organizationalUnits: ['OU=Staff,DC=contoso,DC=test'],
            excludeOrganizationalUnits: ['OU=Temp,OU=Staff,DC=contoso,DC=test'],
          },
        },
      ],
    });
    expect(checkConfiguration('c.json', JSON.stringify(document)).errors).toEqual([]);
  });

  test('keeps out what rules filter by cloudFiltered, the strongest first', () => {
    const result = imported(
      rule({
        name: 'Keep Sales',
        precedence: 50,
        scope: `<conditions>${clause('department', 'EQUAL', 'Sales')}</conditions>`,
        mappings: flow('cloudFiltered', '<src>False</src>'),
      }),
      rule({
        name: 'Nobody else',
        precedence: 51,
        mappings: flow('cloudFiltered', expression('IIF(IsPresent([title]), True, NULL)')),
      }),
    );
    const { scope } = rulesOf(result);
    const taken = (attributes: Readonly<Record<string, readonly string[]>>) =>
      scope(user(attributes), { current: new Map() }).in;
    expect(taken({ department: ['Sales'], title: ['x'] })).toBe(true);
    expect(taken({ department: ['Other'], title: ['x'] })).toBe(false);
    expect(taken({ department: ['Other'] })).toBe(true);
    expect(outcomes(result)).toEqual(
      expect.arrayContaining(['translated rule "Keep Sales"', 'translated rule "Nobody else"']),
    );
  });

  test('translates every scope operator as Connect means it', () => {
    for (const [operator, value, good, bad] of [
      ['EQUAL', 'a"b', 'a"b', 'x'],
      ['NOTEQUAL', 'a', 'x', 'a'],
      ['LESSTHAN', '5', '4', '5'],
      ['LESSTHAN_OR_EQUAL', '5', '5', '6'],
      ['GREATERTHAN', '5', '6', '5'],
      ['GREATERTHAN_OR_EQUAL', '5', '5', '4'],
      ['CONTAINS', 'b', 'abc', 'x'],
      ['NOTCONTAINS', 'b', 'x', 'abc'],
      ['STARTSWITH', 'ab', 'abc', 'xab'],
      ['NOTSTARTSWITH', 'ab', 'xab', 'abc'],
      ['ENDSWITH', 'bc', 'abc', 'bcx'],
      ['NOTENDSWITH', 'bc', 'bcx', 'abc'],
      ['ISNOTNULL', '', 'x', ''],
      ['ISIN', 'a;b', 'b', 'x'],
      ['ISNOTIN', 'a;b', 'x', 'b'],
      ['ISBITSET', '2', '514', '512'],
      ['ISBITNOTSET', '0x2', '512', '514'],
    ] as const) {
      const result = imported(
        rule({
          name: 'R',
          scope: `<conditions>${clause('employeeID', operator, value.replaceAll('"', '&quot;'))}</conditions>`,
          mappings: flow('title', '<src>held</src>'),
        }),
      );
      const title = (employeeID: string): unknown =>
        mappedValues(
          rulesOf(result),
          'user',
          user({ title: ['own'], ...(employeeID === '' ? {} : { employeeID: [employeeID] }) }),
        )['title'];
      expect([operator, title(good), title(bad)]).toEqual([operator, 'held', 'own']);
    }
  });

  test('translates attribute flows of custom rules, over what applies by default', () => {
    const result = imported(
      rule({ name: 'Title', mappings: flow('title', attribute('extensionAttribute3')) }),
      rule({ name: 'Nick', mappings: flow('mailNickname', expression('LCase([sAMAccountName]) & "x"')) }),
      rule({ name: 'Once', mappings: flow('company', '<src>Contoso</src>', ' execute-once="true"') }),
      rule({ name: 'Manager', mappings: flow('manager', attribute('secretary')) }),
    );
    const mapped = rulesOf(result);
    const values = mappedValues(mapped, 'user', user({ title: [' Chief '] }));
    expect(values).toMatchObject({ title: 'Chief', alias: 'amyx', company: 'Contoso' });
    expect(mappedValues(mapped, 'user', user({ title: ['x'], extensionAttribute3: ['Boss'] }))['title']).toBe('Boss');
    expect(mapped.map('user', [user({})]).values['company']?.flow).toBe('create');
    expect(mapped.references('user')).toContainEqual({ target: 'manager', source: 'secretary', single: true });
  });

  test('follows an attribute of the metaverse through both directions', () => {
    const result = imported(
      rule({ name: 'In', mappings: flow('myType', expression('IIF([employeeType] = "Guest", "Guest", "Member")')) }),
      rule({
        name: 'Out',
        direction: 'Outbound',
        connector: cloud,
        types: ['person', 'user'],
        mappings: flow('userType', expression('IIF([accountName] = "amy", [myType], NULL)')),
      }),
    );
    expect(mappedValues(rulesOf(result), 'user', user({ employeeType: ['Guest'] }))['userType']).toBe('Guest');
  });

  test('says of everything what became of it', () => {
    const result = imported(
      rule({ name: 'In from AD - User Join', tag: 'Microsoft.InfromADUserJoin.003', precedence: 100, mappings: '' }),
      rule({ name: 'In from AD - User Lync', tag: 'Microsoft.InfromADUserLync.001', disabled: true, mappings: '' }),
      rule({ name: 'Anchor', mappings: flow('sourceAnchor', attribute('employeeID')) }),
      rule({ name: 'Unknown', mappings: flow('shoeSize', attribute('employeeID')) }),
      rule({
        name: 'Back',
        direction: 'Outbound',
        types: ['person', 'user'],
        mappings: flow('title', attribute('title')),
      }),
      rule({ name: 'Wrong', mappings: flow('title', expression('NoSuch([title])')) }),
      rule({
        name: 'Member',
        scope: `<conditions>${clause('memberOf', 'ISMEMBEROF', 'CN=G')}</conditions>`,
        mappings: flow('department', attribute('company')),
      }),
    );
    expect(outcomes(result)).toEqual(
      expect.arrayContaining([
        'covered rule "In from AD - User Join"',
        'partly rule "In from AD - User Lync"',
        'notTranslated rule "Anchor", sourceAnchor',
        'notTranslated rule "Unknown", shoeSize',
        'notTranslated rule "Back"',
        'notTranslated mappings.user.title',
        'notTranslated rule "Member", department',
      ]),
    );
    expect(rulesOf(result)).toBeDefined();
  });
});

describe('a settings file of Connect’s wizard', () => {
  const settings = {
    onpremisesDirectoryPolicy: ['contoso.test', 'fabrikam.test'].map((forest, i) => ({
      uniqueIdentifier: `id${i}`,
      fullyQualifiedDomainName: forest,
      friendlyName: forest,
      partitionFilters: [
        {
          distinguishedName: forest
            .split('.')
            .map((label) => `DC=${label}`)
            .join(','),
          containerInclusions: [
            forest
              .split('.')
              .map((label) => `DC=${label}`)
              .join(','),
          ],
          containerExclusions: [],
        },
      ],
      customSynchronizationRules:
        i === 1
          ? [
              {
                name: 'Fabrikam people',
                direction: 'Inbound',
                source: 'user',
                target: 'person',
                linkType: 'Join',
                precedence: 10,
                scopeFilters: [{ attribute: 'employeeType', condition: 'EQUAL', value: 'Staff' }],
                attributeMappings: [
                  { destination: 'company', source: 'Fabrikam', flowType: 'Constant' },
                  { destination: 'department', source: ['extensionAttribute1'], flowType: 'Direct' },
                ],
              },
            ]
          : [],
      standardSynchronizationRules: [
        { name: 'In from AD - User Join', immutableTag: 'x', source: 'user', target: 'person', precedence: 100 },
      ],
    })),
    azureDirectoryPolicy: { customSynchronizationRules: [], standardSynchronizationRules: [], deletionThreshold: 300 },
    deploymentMetadata: {},
  };
  const result = importConfiguration([{ name: 'Applied.json', text: `\uFEFF${JSON.stringify(settings)}` }]);

  test('becomes a document of all forests, joined as Connect joins them', () => {
    expect(result.document).toMatchObject({
      forests: [{ name: 'contoso.test' }, { name: 'fabrikam.test' }],
      joins: { user: ['sid'], contact: ['mail'] },
      safety: { deletes: { count: 300 } },
    });
    expect(outcomes(result)).toEqual(
      expect.arrayContaining(['notTranslated deploymentMetadata', 'translated deletion threshold']),
    );
  });

  test('keeps a forest’s rules to that forest', () => {
    const mapped = rulesOf(result);
    const of = (forest: string): unknown => {
      const view = user({ company: ['own'], employeeType: ['Staff'] });
      return mappedValues(mapped, 'user', { ...view, domain: { fqdn: forest, netbios: 'X', forest } })['company'];
    };
    expect(of('fabrikam.test')).toBe('Fabrikam');
    expect(of('contoso.test')).toBe('own');
  });
});

describe('a schema of Cloud Sync', () => {
  const mapping = (targetAttributeName: string, source: object, more: object = {}) => ({
    targetAttributeName,
    source,
    flowType: 'Always',
    ...more,
  });
  const schema = {
    synchronizationRules: [
      {
        sourceDirectoryName: 'corp.contoso.test',
        containerFilter: { includedContainers: ['OU=Staff,DC=corp,DC=contoso,DC=test'] },
        groupFilter: { includedGroups: [] },
        objectMappings: [
          {
            enabled: true,
            sourceObjectName: 'user',
            targetObjectName: 'User',
            scope: {
              groups: [
                {
                  clauses: [
                    { sourceOperandName: 'department', operatorName: 'EQUALS', targetOperand: { values: ['Sales'] } },
                  ],
                },
              ],
            },
            attributeMappings: [
              mapping('SourceAnchorBinary', { type: 'Attribute', name: 'objectGUID', expression: '[objectGUID]' }),
              mapping('CommonName', { type: 'Attribute', name: 'cn', expression: '[cn]' }),
              mapping('DisplayName', { type: 'Attribute', name: 'displayName', expression: '[displayName]' }),
              mapping('GivenName', { type: 'Function', name: 'Trim', expression: 'Trim([givenName])' }),
              mapping('ExtensionAttribute3', {
                type: 'Function',
                name: 'ToUpper',
                expression: 'ToUpper([extensionAttribute3])',
              }),
              mapping(
                'Company',
                { type: 'Constant', name: 'Contoso', expression: '"Contoso"' },
                { flowType: 'ObjectAddOnly' },
              ),
              mapping(
                'Department',
                { type: 'Attribute', name: 'department', expression: '[department]' },
                { defaultValue: 'None' },
              ),
              mapping('UserPrincipalName', {
                type: 'Attribute',
                name: 'userPrincipalName',
                expression: '[userPrincipalName]',
              }),
              mapping('Manager', { type: 'Attribute', name: 'manager', expression: '[manager]' }),
              mapping('ShoeSize', { type: 'Attribute', name: 'x', expression: '[x]' }),
            ],
          },
          { enabled: false, sourceObjectName: 'contact', targetObjectName: 'Contact', attributeMappings: [] },
        ],
      },
    ],
  };
  const result = importConfiguration([{ name: 'schema.json', text: JSON.stringify(schema) }]);

  test('becomes a document of one domain', () => {
    expect(result.document).toMatchObject({
      forests: [{ name: 'corp.contoso.test', scope: { organizationalUnits: ['OU=Staff,DC=corp,DC=contoso,DC=test'] } }],
      objects: ['user'],
    });
    expect(result.document['mappings']).toEqual({
      user: expect.objectContaining({
        displayName: { attribute: 'displayName' },
        extensionAttribute3: { expression: 'ToUpper([extensionAttribute3])' },
        company: { constant: 'Contoso', flow: 'create' },
        department: { attribute: 'department', default: 'None' },
        surname: null,
      }),
    });
    expect(outcomes(result)).toEqual(
      expect.arrayContaining([
        'covered user SourceAnchorBinary',
        'covered user GivenName',
        'covered user Manager',
        'notTranslated user ShoeSize',
      ]),
    );
  });

  test('filters by its clauses', () => {
    const { scope } = rulesOf(result);
    const view = (department: string) => {
      const one = sampleView(
        'user',
        { cn: ['A'], sAMAccountName: ['a'], department: [department] },
        { dn: 'CN=A,OU=Staff,DC=corp,DC=contoso,DC=test' },
      );
      return { ...one, domain: { ...one.domain, forest: 'corp.contoso.test' } };
    };
    expect(scope(view('Sales'), { current: new Map() }).in).toBe(true);
    expect(scope(view('Other'), { current: new Map() }).in).toBe(false);
  });
});

test('refuses what it does not understand', () => {
  for (const text of ['', '{}', '[]', '{"a":', '<a><b></a>', '<ma-data><id>1</id></ma-data>', '<!DOCTYPE a><a/>']) {
    expect(() => importConfiguration([{ name: 'x', text }]), text).toThrow(UnknownExportError);
  }
  expect(() => importConfiguration([])).toThrow('no file is given');
});

test('reads any text as XML or says why not', () => {
  expect(readXml('<a x="1&lt;2"><!-- c --><n:b>t&#233;xt<![CDATA[<&]]></n:b><b/></a>')).toMatchObject({
    name: 'a',
    attributes: new Map([['x', '1<2']]),
    children: [
      { name: 'b', text: 'téxt<&' },
      { name: 'b', text: '' },
    ],
  });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>/ab "=&;![]-?x#1'), maxLength: 40 }), (text) => {
      try {
        readXml(text);
      } catch (error) {
        expect(error).toBeInstanceOf(XmlProblem);
      }
    }),
  );
});
