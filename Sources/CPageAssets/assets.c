#include "CPageAssets.h"
