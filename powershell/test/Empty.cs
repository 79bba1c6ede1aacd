namespace CloudSync.Test;
