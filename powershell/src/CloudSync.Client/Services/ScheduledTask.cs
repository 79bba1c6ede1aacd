using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;
using System.Xml.Linq;

namespace CloudSync.Services;

/// <summary>A task of Windows' Task Scheduler, as the document it is registered by.</summary>
internal static class ScheduledTask
{
    private static readonly XNamespace Ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    /// <summary>Runs a program now and again, beginning at a time.</summary>
    public static XDocument Repeating(string description, string account, string program, string arguments, DateTime start, TimeSpan interval) => Task(
        description,
        account,
        program,
        arguments,
        new XElement(
            Ns + "TimeTrigger",
            new XElement(Ns + "Repetition", new XElement(Ns + "Interval", XmlConvert.ToString(interval))),
            new XElement(Ns + "StartBoundary", start.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
            new XElement(Ns + "Enabled", true)),
        // A run that the machine slept through is made up for.
        new XElement(Ns + "StartWhenAvailable", true));

    /// <summary>Runs a program from the machine's start, and again a minute after it failed.</summary>
    public static XDocument Always(string description, string account, string program, string arguments) => Task(
        description,
        account,
        program,
        arguments,
        new XElement(Ns + "BootTrigger", new XElement(Ns + "Enabled", true)),
        new XElement(Ns + "ExecutionTimeLimit", "PT0S"),
        new XElement(Ns + "RestartOnFailure", new XElement(Ns + "Interval", "PT1M"), new XElement(Ns + "Count", 999)));

    public static async Task Register(string name, XDocument task, CancellationToken cancel)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"{task.Declaration}\r\n{task}", Encoding.Unicode);
            await Tool.Run("schtasks.exe", ["/Create", "/TN", name, "/XML", file, "/F"], cancel).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static Task Unregister(string name, CancellationToken cancel) => Tool.Run("schtasks.exe", ["/Delete", "/TN", name, "/F"], cancel);

    private static XDocument Task(string description, string account, string program, string arguments, XElement trigger, params XElement[] settings) => new(
        new XDeclaration("1.0", "UTF-16", null),
        new XElement(
            Ns + "Task",
            new XAttribute("version", "1.2"),
            new XElement(Ns + "RegistrationInfo", new XElement(Ns + "Author", "CloudSync"), new XElement(Ns + "Description", description)),
            new XElement(Ns + "Triggers", trigger),
            new XElement(
                Ns + "Principals",
                new XElement(
                    Ns + "Principal",
                    new XAttribute("id", "Author"),
                    new XElement(Ns + "UserId", account),
                    new XElement(Ns + "RunLevel", "HighestAvailable"))),
            new XElement(
                Ns + "Settings",
                new XElement(Ns + "MultipleInstancesPolicy", "IgnoreNew"),
                new XElement(Ns + "DisallowStartIfOnBatteries", false),
                new XElement(Ns + "StopIfGoingOnBatteries", false),
                settings),
            new XElement(
                Ns + "Actions",
                new XAttribute("Context", "Author"),
                new XElement(Ns + "Exec", new XElement(Ns + "Command", program), new XElement(Ns + "Arguments", arguments)))));
}
